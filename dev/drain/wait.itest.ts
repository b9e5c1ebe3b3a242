import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, describe, test } from "node:test";
import { freePort } from "@meshwright/testing/free-port";
import { NativeProgram } from "@meshwright/testing/native-program";
import { attempt } from "../command/run.ts";

describe("meshwright-wait", () => {
  const built = new NativeProgram();
  const program = built.path("meshwright-wait");
  after(() => built[Symbol.dispose]());

  const wait = async (...args: readonly string[]): Promise<number> => (await attempt(program, [...args])).code;

  /** A sidecar that is ready from its third answer on. */
  async function startSidecar(port: number): Promise<AsyncDisposable & { readonly answers: () => number }> {
    let answers = 0;
    const server = createServer((request, response) => {
      answers += 1;
      response.writeHead(answers < 3 ? 503 : 200).end(request.url);
    });
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return {
      answers: () => answers,
      async [Symbol.asyncDispose]() {
        server.close();
        await once(server, "close");
      },
    };
  }

  test("ends when the sidecar is ready, and not before", async () => {
    const port = await freePort();
    const waiting = wait("20", `${port}`);
    await using sidecar = await startSidecar(port);
    assert.equal(await waiting, 0);
    assert.equal(sidecar.answers(), 3);
  });

  test("fails when the time is over", async () => assert.equal(await wait("1", `${await freePort()}`), 1));

  test("refuses wrong arguments", async () => {
    for (const args of [[], ["0"], ["x"], ["1", "0"], ["1", "2", "3"]]) assert.equal(await wait(...args), 2);
  });

  test("is one program with the others, which does nothing under a name that it does not know", async () => {
    assert.equal((await attempt(built.path("meshwright"), ["1"])).code, 2);
  });
});
