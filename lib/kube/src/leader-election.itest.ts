import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { silentLogger } from "@meshwright/log/logger";
import { type ApiServer, startApiServer } from "@meshwright/testing/api-server";
import { startTcpProxy, type TcpProxy } from "@meshwright/testing/tcp-proxy";
import { until } from "@meshwright/testing/until";
import type { KubeClient } from "./client.ts";
import { type Connection, loadConnection } from "./connection.ts";
import { createKubeClient } from "./kube-client.ts";
import { electLeader, type LeaderElection } from "./leader-election.ts";
import { leaseType } from "./lease-record.ts";

interface Runner {
  readonly election: LeaderElection;
  readonly stop: () => Promise<void>;
}

describe("leader election, by a Lease of a real API server", () => {
  let server: ApiServer;
  let proxy: TcpProxy;
  let connection: Connection;
  let client: KubeClient;
  let lease = { namespace: "default", name: "" };
  let count = 0;
  let end = new AbortController();
  /** Candidates at work at this moment, in the order in which they began. */
  let leading: string[] = [];
  let mostLeading = 0;

  before(async () => {
    server = await startApiServer();
    connection = loadConnection(server.kubeconfig);
    client = createKubeClient({ connection, userAgent: "meshwright-test" });
    proxy = await startTcpProxy(Number(connection.server.port));
  });
  after(async () => {
    await proxy.stop();
    await server.stop();
  });
  beforeEach(() => {
    count += 1;
    lease = { namespace: "default", name: `leader-${count}` };
    end = new AbortController();
    leading = [];
    mostLeading = 0;
  });
  afterEach(() => end.abort());

  async function work(identity: string, signal: AbortSignal): Promise<void> {
    leading = [...leading, identity];
    mostLeading = Math.max(mostLeading, leading.length);
    const { promise, resolve } = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => resolve(), { once: true });
    await promise;
    leading = leading.filter((other) => other !== identity);
  }

  function run(identity: string, by: KubeClient = client): Runner {
    const own = new AbortController();
    const signal = AbortSignal.any([own.signal, end.signal]);
    const times = { leaseMs: 2_000, renewDeadlineMs: 1_000, retryMs: 200 };
    const lead = (term: AbortSignal): Promise<void> => work(identity, term);
    const election = electLeader({ client: by, lease, identity, lead, logger: silentLogger, signal, ...times });
    const stop = async (): Promise<void> => {
      own.abort();
      await election.done;
    };
    return { election, stop };
  }

  const untilLeading = (identity: string): Promise<void> =>
    until(`${identity} leads`, () => leading.join() === identity, { show: () => leading.join() });

  test("one of several candidates leads", async () => {
    const runners = ["a", "b", "c"].map((identity) => run(identity));
    await until("a leader", () => leading.length === 1);
    assert.equal(runners.filter(({ election }) => election.isLeader()).length, 1);
    const held = await client.get(leaseType, lease);
    assert.equal(held?.spec.holderIdentity, leading[0]);
  });

  test("a leader that stops hands over at once", async () => {
    const first = run("first");
    await untilLeading("first");
    run("second");
    const stoppedAtMs = performance.now();
    await first.stop();
    assert.equal(first.election.isLeader(), false);
    await untilLeading("second");
    assert.ok(performance.now() - stoppedAtMs < 2_000, "the lease was released, not left to expire");
    assert.equal(mostLeading, 1);
  });

  test("a leader that cannot reach the server stops before another one starts", async () => {
    const cut = { ...connection, server: new URL(`https://127.0.0.1:${proxy.port}`) };
    const first = run("first", createKubeClient({ connection: cut, userAgent: "meshwright-test" }));
    await untilLeading("first");
    run("second");
    proxy.cut();
    await until("the first gives up", () => !first.election.isLeader());
    await untilLeading("second");
    proxy.mend();
    assert.equal(mostLeading, 1);
  });

  test("a leader whose lease was taken by somebody else stops", async () => {
    const first = run("first");
    await untilLeading("first");
    await client.patch(leaseType, lease, { spec: { holderIdentity: "intruder", leaseDurationSeconds: 3_600 } });
    await until("nobody leads", () => leading.length === 0);
    assert.equal(first.election.isLeader(), false);
    assert.equal((await client.get(leaseType, lease))?.spec.holderIdentity, "intruder");
  });

  test("leads again after its Lease was deleted", async () => {
    run("first");
    await untilLeading("first");
    await client.delete(leaseType, lease);
    await until("a new Lease", async () => (await client.get(leaseType, lease))?.spec.holderIdentity === "first");
    assert.equal(mostLeading, 1);
  });

  test("a renewal deadline that does not fit into the lease is refused", () => {
    const { signal } = end;
    const lead = async (): Promise<void> => undefined;
    const options = {
      client,
      lease,
      identity: "a",
      lead,
      logger: silentLogger,
      signal,
      leaseMs: 5,
      renewDeadlineMs: 5,
    };
    assert.throws(() => electLeader(options), /renewDeadlineMs is 5: set it below leaseMs, 5/);
  });
});
