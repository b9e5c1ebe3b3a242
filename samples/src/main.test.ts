import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, test } from "node:test";
import { lines } from "./lines.ts";

const main = `${import.meta.dirname}/main.ts`;

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const closed = once(child, "close");
  const [stdout, stderr] = await Promise.all([child.stdout.toArray(), child.stderr.toArray()]);
  const [code] = (await closed) as [number];
  return { code, stdout: stdout.join(""), stderr: stderr.join("") };
}

const anyPorts = ["--http-port=0", "--h2c-port=0", "--grpc-port=0", "--tcp-port=0"];

describe("the samples program", () => {
  test("serves, calls and loads until it is told to end", async () => {
    const echo = spawn(process.execPath, [main, "echo", "--host=127.0.0.1", ...anyPorts], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const { value = "" } = await lines(echo.stdout).next();
    const { ports } = JSON.parse(value) as { ports: { http: number; h2c: number } };
    const call = await run("call", "--header", "X-User: ada", `http://127.0.0.1:${ports.http}/a`);
    assert.partialDeepStrictEqual(JSON.parse(call.stdout), {
      ok: true,
      status: "200",
      body: { headers: { "x-user": "ada" } },
    });
    const load = await run(
      "load",
      "--url",
      `http://127.0.0.1:${ports.h2c}/`,
      "--protocol=h2",
      "--rate=50",
      "--duration=1",
    );
    assert.partialDeepStrictEqual(JSON.parse(load.stdout), { sent: 50, failed: 0 });
    assert.deepEqual([call.code, load.code], [0, 0]);
    echo.kill("SIGTERM");
    assert.deepEqual(await once(echo, "close"), [0, null]);
  });

  test("exits with 1 when requests fail", async () => {
    const refused = ["--url", "http://127.0.0.1:1/", "--rate=5", "--duration=1"];
    assert.equal((await run("load", ...refused)).code, 1);
    assert.equal((await run("load", ...refused, "--max-failed=5")).code, 0);
    const call = await run("call", "http://127.0.0.1:1/");
    assert.deepEqual([call.code, JSON.parse(call.stdout)], [1, { ok: false, error: "ECONNREFUSED" }]);
  });

  const wrong: Record<string, { args: string[]; says: RegExp }> = {
    "an unknown command": { args: ["dance"], says: /command is "dance": give one of echo/ },
    "an unknown application": { args: ["storefront", "shop"], says: /"shop": give one of web/ },
    "an unknown flag": { args: ["load", "--speed=1"], says: /--speed/ },
    "an unknown protocol": { args: ["load", "--url=http://a/", "--protocol=ftp"], says: /--protocol is "ftp"/ },
    "no URL": { args: ["load"], says: /--url is missing/ },
    "what is not a URL": { args: ["call", "echo"], says: /"echo": give a URL/ },
    "what is not a number": {
      args: ["load", "--url=http://a/", "--rate=fast"],
      says: /--rate is "fast".*whole number/,
    },
    "a header without a name": { args: ["call", "--header=x", "http://a/"], says: /--header is "x"/ },
  };
  for (const [name, { args, says }] of Object.entries(wrong)) {
    test(`refuses ${name}, and says what to give`, async () => {
      const { code, stderr } = await run(...args);
      assert.equal(code, 2);
      assert.match(stderr, says);
    });
  }
});
