import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** An abstract socket: the kernel frees it when its holder ends, however it ends, and there is no file to clean up. */
const address = "\0meshwright-cluster";
const pollMs = 500;

/** Runs the work while no other command of any checkout changes the machine's cluster. */
export async function exclusively<T>(work: () => Promise<T>): Promise<T> {
  const server = createServer();
  if (!(await listens(server))) {
    console.log("another command is changing the machine's cluster: waiting for it to end");
    do await delay(pollMs);
    while (!(await listens(server)));
  }
  try {
    return await work();
  } finally {
    server.close();
  }
}

function listens(server: ReturnType<typeof createServer>): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const onError = (): void => resolve(false);
  server.once("error", onError);
  server.listen(address, () => {
    server.off("error", onError);
    resolve(true);
  });
  return promise;
}
