import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { meshedAddresses } from "./meshed-addresses.ts";
import type { Workload } from "./workload.ts";

const address = "198.18.128.9";
const mtls = { mode: "strict", byPort: new Map() } as const;
const pod = (over: Partial<Workload>): Workload => ({
  namespace: "shop",
  name: "web-0",
  uid: "1",
  serviceAccount: "web",
  addresses: [address],
  labels: {},
  ports: [],
  isMeshed: true,
  isTerminating: false,
  ...over,
});
const addresses = (...workloads: readonly Workload[]): readonly string[] =>
  meshedAddresses(workloads.map((workload) => ({ workload, mtls }))).map((meshed) => meshed.address);

describe("an address is that of a meshed pod", () => {
  const ending = pod({ isTerminating: true });
  const cases: Record<string, { pods: readonly Workload[]; want: boolean }> = {
    "while the pod is there": { pods: [pod({})], want: true },
    "while the pod terminates": { pods: [ending], want: true },
    "not when the pod has no sidecar": { pods: [pod({ isMeshed: false })], want: false },
    "not when a pod without sidecar has it after one that terminates": {
      pods: [ending, pod({ name: "db", uid: "2", isMeshed: false })],
      want: false,
    },
    "when a meshed pod has it after one without sidecar that terminates": {
      pods: [pod({ isMeshed: false, isTerminating: true }), pod({ uid: "2" })],
      want: true,
    },
  };
  for (const [name, { pods, want }] of Object.entries(cases)) {
    test(name, () => {
      assert.deepEqual(addresses(...pods), want ? [address] : []);
      assert.deepEqual(addresses(...pods.toReversed()), want ? [address] : []);
    });
  }
});
