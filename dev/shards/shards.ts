import type { ExtraImages } from "../images/names.ts";

/** What a shard runs. */
type ShardWork =
  /** The tests of `tools/test-run` below some paths; none: all of the kind. */
  | { readonly kind: "tests"; readonly of: "unit" | "integration"; readonly paths: readonly string[] }
  /** A kuttl suite, which needs the cluster with the mesh installed. */
  | {
      readonly kind: "suite";
      readonly folder: string;
      readonly nodes?: number;
      /** Images that it needs beside those of the released versions. */
      readonly extras?: readonly ExtraImages[];
      /** Runs this test of it alone. */
      readonly test?: string;
    }
  /** A test file that brings what it needs. */
  | { readonly kind: "file"; readonly path: string }
  /** A development command. */
  | { readonly kind: "command"; readonly name: string };

/** A part of `make test-all` that runs alone, also from a fresh clone. */
export interface Shard {
  readonly name: string;
  readonly work: ShardWork;
}

const suite = (folder: string): Shard => ({ name: folder, work: { kind: "suite", folder } });
/** A suite about upgrades, with versions that were never released. */
const suiteOfVersions = (folder: string): Shard => ({
  name: folder,
  work: { kind: "suite", folder, extras: ["test-versions"] },
});
/** A suite that is about more than one node; the cluster keeps them for those that come after it. */
const suiteOnTwoNodes = (folder: string): Shard => ({ name: folder, work: { kind: "suite", folder, nodes: 2 } });

/**
 * Every shard, in the order in which `all` runs them: the quick first, then the suites on one cluster, and last what
 * takes the cluster or the mesh away.
 */
export const shards: readonly Shard[] = [
  { name: "unit", work: { kind: "tests", of: "unit", paths: [] } },
  { name: "goldens", work: { kind: "tests", of: "integration", paths: ["control-plane/src/translate"] } },
  {
    name: "integration",
    work: {
      kind: "tests",
      of: "integration",
      paths: [
        "lib",
        "operator",
        "proxy",
        "samples",
        "dev",
        "tools",
        "control-plane/src/ca",
        "control-plane/src/fleet",
        "control-plane/src/serve",
        "control-plane/src/snapshot",
        "control-plane/src/watch",
        "control-plane/src/webhook",
      ],
    },
  },
  { name: "operator-killed", work: { kind: "tests", of: "integration", paths: ["test/operator-killed"] } },
  { name: "xds-protocol", work: { kind: "tests", of: "integration", paths: ["test/xds-protocol"] } },
  { name: "xds-hostile", work: { kind: "tests", of: "integration", paths: ["test/xds-hostile"] } },
  { name: "matrix", work: { kind: "tests", of: "integration", paths: ["test/interop"] } },
  { name: "bench", work: { kind: "tests", of: "integration", paths: ["bench"] } },
  { name: "demo", work: { kind: "command", name: "demo" } },
  suite("install"),
  suite("mtls-strict"),
  suite("http-tcp"),
  suite("dual-stack"),
  suite("refusals"),
  suite("hostile-input"),
  suite("inject-matrix"),
  suite("probes"),
  suite("nack-isolated"),
  suite("headless-mixed"),
  { name: "metrics-contract", work: { kind: "suite", folder: "metrics-contract", extras: ["prometheus"] } },
  suite("job"),
  suite("init-network"),
  suite("dns"),
  suite("stuck-proxy"),
  suite("strict-flip"),
  suite("scale-from-zero"),
  suite("late-proxy"),
  suite("proxy-oom"),
  suiteOnTwoNodes("drain"),
  suiteOnTwoNodes("rolling-restart"),
  suiteOnTwoNodes("renewal"),
  suite("meshd-restart"),
  suite("agent-down"),
  suite("cni-restricted"),
  suite("api-server-outage"),
  suite("webhook-outage"),
  suite("drift"),
  suite("in-use"),
  suite("versions"),
  suite("upgrade-canary"),
  suiteOfVersions("upgrade"),
  suiteOfVersions("upgrade-trouble"),
  suiteOfVersions("preflight"),
  suite("operator"),
  suite("uninstall"),
  { name: "cluster", work: { kind: "file", path: "dev/cluster/cluster.e2e.ts" } },
];

/** What `make test` runs on a real cluster after the checks: the one thing that the product is for. */
export const smokeShards: readonly string[] = ["integration", "goldens", "matrix", "install", "mtls-strict"];
