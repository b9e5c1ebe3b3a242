import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { MeshedAddress } from "../../model/meshed-addresses.ts";
import type { MtlsMode } from "../../model/mtls-mode.ts";
import { type AddressRule, addressRules } from "./address-rules.ts";

function pod(address: string, mode: MtlsMode, ports: Readonly<Record<number, MtlsMode>> = {}): MeshedAddress {
  const byPort = new Map(Object.entries(ports).map(([port, portMode]) => [Number(port), portMode]));
  return { address, mtls: { mode, byPort } };
}

const cases: Record<string, { pods: readonly MeshedAddress[]; rules: readonly AddressRule[] }> = {
  "are none where there are no pods": { pods: [], rules: [] },
  "put all pods that accept mesh mTLS into one": {
    pods: [pod("198.18.0.1", "strict"), pod("198.18.0.2", "permissive")],
    rules: [{ addresses: ["198.18.0.1", "198.18.0.2"], socket: "mesh" }],
  },
  "leave out pods that want plaintext": {
    pods: [pod("198.18.0.1", "strict"), pod("198.18.0.2", "disabled")],
    rules: [{ addresses: ["198.18.0.1"], socket: "mesh" }],
  },
  "name a port only for the pods that differ on it": {
    pods: [
      pod("198.18.0.1", "strict", { 80: "disabled", 90: "permissive" }),
      pod("198.18.0.2", "disabled", { 80: "strict" }),
      pod("198.18.0.3", "strict"),
    ],
    rules: [
      { addresses: ["198.18.0.1"], port: 80, socket: "plaintext" },
      { addresses: ["198.18.0.2"], port: 80, socket: "mesh" },
      { addresses: ["198.18.0.1", "198.18.0.3"], socket: "mesh" },
    ],
  },
};

describe("the rules for pods' addresses", () => {
  for (const [name, { pods, rules }] of Object.entries(cases)) {
    test(name, () => assert.deepEqual(addressRules(pods), rules));
  }
});
