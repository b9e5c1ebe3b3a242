import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "@meshwright/testing/free-port";
import { NativeProgram } from "@meshwright/testing/native-program";
import { until } from "@meshwright/testing/until";
import { attempt } from "../command/run.ts";
import { startWorld } from "./world.ts";

describe("meshwright-drain", () => {
  const built = new NativeProgram();
  const program = built.path("meshwright-drain");
  after(() => built[Symbol.dispose]());

  /** Runs the program and returns how long it took, in ms. */
  async function drain(seconds: number, admin: number): Promise<number> {
    const begin = performance.now();
    assert.equal((await attempt(program, [`${seconds}`, `${admin}`])).code, 0);
    return performance.now() - begin;
  }

  test("ends about a second after the last request when nothing is open", async () => {
    await using world = await startWorld();
    const tookMs = await drain(20, world.ports.admin);
    assert.ok(tookMs >= 1000 && tookMs < 6000, `took ${tookMs} ms`);
  });

  test("waits for an open request, which succeeds", async () => {
    await using world = await startWorld();
    const open = await world.openRequest();
    const drained = drain(20, world.ports.admin);
    // Twice as long as it waits when nothing is open.
    const winner = await Promise.race([drained, delay(2000, "still waiting")]);
    assert.equal(winner, "still waiting");
    assert.equal(await open.answer(), 200);
    await drained;
  });

  test("waits for an open TCP connection", async () => {
    await using world = await startWorld();
    const client = connect(world.ports.tcp, "127.0.0.1");
    await until("Envoy to accept", async () => {
      const accepted = `listener.127.0.0.1_${world.ports.tcp}.downstream_cx_active: 1`;
      return (await world.stats()).includes(accepted);
    });
    const tookMs = await drain(3, world.ports.admin);
    assert.ok(tookMs >= 3000, `took ${tookMs} ms`);
    client.destroy();
  });

  test("waits until a second after the last of short requests, between which nothing is open", async () => {
    await using world = await startWorld();
    world.answerAll();
    const drained = drain(20, world.ports.admin);
    const end = performance.now() + 2500;
    while (performance.now() < end) {
      await world.connectionHeader("http");
      await delay(100);
    }
    const tookMs = await drained;
    assert.ok(tookMs >= 3300, `took ${tookMs} ms`);
  });

  test("asks callers of the application to leave, and lets the application's own calls be", async () => {
    await using world = await startWorld();
    world.answerAll();
    const client = connect(world.ports.tcp, "127.0.0.1");
    const drained = drain(3, world.ports.admin);
    await until("inbound connections to be closed", async () => (await world.connectionHeader("http")) === "close");
    assert.notEqual(await world.connectionHeader("outbound"), "close");
    client.destroy();
    await drained;
  });

  test("gives up at the deadline", async () => {
    await using world = await startWorld();
    const open = await world.openRequest();
    const tookMs = await drain(2, world.ports.admin);
    assert.ok(tookMs >= 2000 && tookMs < 6000, `took ${tookMs} ms`);
    await open.answer();
  });

  test("ends at once when there is no Envoy", async () => {
    assert.ok((await drain(20, await freePort())) < 1000);
  });

  test("refuses arguments that are not a number of seconds and a port", async () => {
    for (const args of [[], ["soon"], ["-1"], ["5", "x"], ["5", "0"], ["5", "1", "2"]])
      assert.equal((await attempt(program, args)).code, 2, args.join(" "));
  });
});
