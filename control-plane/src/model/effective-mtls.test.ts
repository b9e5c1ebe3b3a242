import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { effectiveMtls } from "./effective-mtls.ts";
import type { MtlsMode } from "./mtls-mode.ts";
import type { PeerAuthentication, PolicyMode, PolicyScope } from "./peer-authentication.ts";
import { groupPolicies } from "./policies.ts";
import type { Workload } from "./workload.ts";

const web: Workload = {
  namespace: "shop",
  name: "web-1",
  uid: "u",
  serviceAccount: "web",
  addresses: [],
  labels: { app: "web", tier: "front" },
  names: { workload: "web", app: "web", version: "v1", canonicalService: "web", canonicalRevision: "v1" },
  ports: [],
  isMeshed: true,
  isTerminating: false,
};

interface Options {
  readonly name?: string;
  readonly day?: number;
}

function policy(scope: PolicyScope, mode: PolicyMode, { name = "policy", day = 1 }: Options = {}): PeerAuthentication {
  return { name, createdAt: `2026-01-0${day}T00:00:00Z`, scope, mode };
}

const mesh = (mode: PolicyMode, options?: Options) => policy({ kind: "mesh" }, mode, options);

function namespace(mode: PolicyMode, options?: Options & { readonly of?: string }): PeerAuthentication {
  return policy({ kind: "namespace", namespace: options?.of ?? "shop" }, mode, options);
}

interface WorkloadOptions extends Options {
  readonly of?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly ports?: Readonly<Record<number, PolicyMode>>;
}

function workload(mode: PolicyMode, options: WorkloadOptions = {}): PeerAuthentication {
  const { of = "shop", labels = { app: "web" }, ports = {} } = options;
  const portModes = new Map(Object.entries(ports).map(([port, portMode]) => [Number(port), portMode]));
  return policy({ kind: "workload", namespace: of, labels, portModes }, mode, options);
}

interface Case {
  readonly policies: readonly PeerAuthentication[];
  readonly want: MtlsMode;
  readonly ports?: Readonly<Record<number, MtlsMode>>;
}

// The mesh's setting is "permissive" in all of them.
const cases: Record<string, Case> = {
  "no policy leaves what the mesh is set to": { policies: [], want: "permissive" },
  "a policy of the mesh outweighs the setting": { policies: [mesh("strict")], want: "strict" },
  "a namespace's policy outweighs the mesh's": { policies: [mesh("strict"), namespace("disabled")], want: "disabled" },
  "a workload's policy outweighs the namespace's": {
    policies: [mesh("strict"), namespace("disabled"), workload("strict")],
    want: "strict",
  },
  "a workload's policy that says nothing inherits the namespace's": {
    policies: [mesh("disabled"), namespace("strict"), workload("inherit")],
    want: "strict",
  },
  "a namespace's policy that says nothing inherits the mesh's": {
    policies: [mesh("strict"), namespace("inherit")],
    want: "strict",
  },
  "a mesh's policy that says nothing inherits the setting": { policies: [mesh("inherit")], want: "permissive" },
  "policies of other namespaces do not count": {
    policies: [namespace("strict", { of: "far" }), workload("disabled", { of: "far" })],
    want: "permissive",
  },
  "a selector wants all of its labels": {
    policies: [workload("strict", { labels: { app: "web", tier: "back" } })],
    want: "permissive",
  },
  "the oldest policy of a namespace holds": {
    policies: [namespace("strict", { day: 2, name: "a" }), namespace("disabled", { day: 1, name: "b" })],
    want: "disabled",
  },
  "the oldest policy of the mesh holds": {
    policies: [mesh("disabled", { day: 1 }), mesh("strict", { day: 2 })],
    want: "disabled",
  },
  "the oldest policy that selects the workload holds, whatever the others say of ports": {
    policies: [
      workload("strict", { day: 1, labels: { tier: "front" } }),
      workload("disabled", { day: 2, ports: { 80: "disabled" } }),
    ],
    want: "strict",
  },
  "of policies of one age the first by name holds": {
    policies: [namespace("strict", { name: "b" }), namespace("disabled", { name: "a" })],
    want: "disabled",
  },
  "a port's mode outweighs the workload's": {
    policies: [workload("strict", { ports: { 8080: "disabled" } })],
    want: "strict",
    ports: { 8080: "disabled" },
  },
  "a port that says nothing is as the workload's others": {
    policies: [namespace("strict"), workload("inherit", { ports: { 8080: "inherit", 9090: "permissive" } })],
    want: "strict",
    ports: { 8080: "strict", 9090: "permissive" },
  },
};

describe("what a workload accepts", () => {
  for (const [name, { policies, want, ports = {} }] of Object.entries(cases)) {
    test(`${name}, in any order`, () => {
      for (const given of [policies, policies.toReversed()]) {
        const { mode, byPort } = effectiveMtls(web, groupPolicies(given), "permissive");
        assert.deepEqual({ mode, ports: Object.fromEntries(byPort) }, { mode: want, ports });
      }
    });
  }
});
