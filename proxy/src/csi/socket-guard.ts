import { stat } from "node:fs/promises";

const pollIntervalMs = 2000;

/**
 * Resolves with the path of the first socket file that is no longer the one that was there at the call: kubelet would not
 * reach this process any more, and it would not notice. Another agent that ends late, or starts beside this one, does that.
 */
export async function socketLost(paths: readonly string[], signal: AbortSignal): Promise<string> {
  const own = await Promise.all(paths.map(async (path) => ({ path, mark: await markOf(path) })));
  const { promise, resolve } = Promise.withResolvers<string>();
  const check = async (): Promise<void> => {
    for (const { path, mark } of own) if ((await markOf(path)) !== mark) resolve(path);
  };
  const timer = setInterval(() => void check(), pollIntervalMs).unref();
  const end = (): void => clearInterval(timer);
  signal.addEventListener("abort", end, { once: true });
  return promise.finally(end);
}

/** File systems give a deleted file's inode number to the next one, but not its time of creation. */
function markOf(path: string): Promise<string | undefined> {
  return stat(path).then(
    ({ ino, ctimeMs }) => `${ino} ${ctimeMs}`,
    () => undefined,
  );
}
