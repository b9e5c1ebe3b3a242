import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { freePort } from "@meshwright/testing/free-port";
import { repositoryRoot } from "../cluster/paths.ts";
import { attempt, run } from "../command/run.ts";

describe("meshwright-wait", () => {
  let dir = "";
  let program = "";

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), "meshwright-wait-"));
    program = join(dir, "meshwright-wait");
    const source = join(repositoryRoot, "proxy", "native", "wait.c");
    await run("gcc", ["-static", "-Wall", "-Wextra", "-Werror", "-o", program, source]);
  });
  after(() => rm(dir, { recursive: true }));

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
});
