import assert from "node:assert/strict";
import { test } from "node:test";
import { createKubeClient } from "@meshwright/kube/kube-client";
import { silentLogger } from "@meshwright/log/logger";
import { freePort } from "@meshwright/testing/free-port";
import { startCaches } from "./caches.ts";

test("caches that end before they were complete reject for who waits, and disturb nobody else", async () => {
  const server = new URL(`https://127.0.0.1:${await freePort()}`);
  const credentials = async () => ({ headers: {}, options: {} });
  const client = createKubeClient({ connection: { server, credentials }, userAgent: "test" });
  const end = new AbortController();
  const caches = startCaches({ client, logger: silentLogger, signal: end.signal, onChange: () => undefined });
  end.abort();
  // An unhandled rejection would fail this test after its end.
  await Promise.allSettled(caches.owned.map((store) => store.done));
  await assert.rejects(caches.synced);
});
