import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readVolumeContext } from "./volume-context.ts";
import { VolumeError } from "./volume-error.ts";

const context = {
  "csi.storage.k8s.io/pod.name": "web-0",
  "csi.storage.k8s.io/pod.namespace": "shop",
  "csi.storage.k8s.io/pod.uid": "2b9e",
  "csi.storage.k8s.io/serviceAccount.name": "web",
  "csi.storage.k8s.io/ephemeral": "true",
  contract: "1",
  revision: "v1-1-0",
};
const probe = {
  kind: "http",
  path: "/app-health/web/readyz",
  port: 8080,
  targetPath: "/ready?full=1",
  scheme: "HTTP",
  timeoutSeconds: 1,
};

test("what kubelet and the injector send becomes the volume's specification", () => {
  assert.deepEqual(readVolumeContext({ ...context, probes: JSON.stringify([probe]) }), {
    pod: { name: "web-0", namespace: "shop", uid: "2b9e", serviceAccount: "web" },
    revision: "v1-1-0",
    probes: [probe],
    capture: {},
    redirect: "init",
  });
});

test("a volume may say of which version the sidecar is", () => {
  assert.equal(readVolumeContext({ ...context, version: "v1.1.0" }).version, "v1.1.0");
  assert.equal("version" in readVolumeContext(context), false);
});

test("a pod may leave its redirect to the node's CNI plugin", () => {
  assert.equal(readVolumeContext({ ...context, redirect: "cni" }).redirect, "cni");
});

test("probes of every kind, and lifecycle hooks, are served", () => {
  const target = { port: 9000, timeoutSeconds: 1 };
  const probes = [
    { kind: "tcp", path: "/app-health/db/startupz", ...target },
    { kind: "grpc", path: "/app-health/api/livez", service: "shop.Orders", ...target },
    { ...probe, path: "/app-lifecycle/web/prestopz" },
  ];
  assert.deepEqual(readVolumeContext({ ...context, probes: JSON.stringify(probes) }).probes, probes);
});

test("a probe without a kind, as the first injectors wrote it, is an HTTP probe", () => {
  const { kind: _, ...old } = probe;
  assert.deepEqual(readVolumeContext({ ...context, probes: JSON.stringify([old]) }).probes, [probe]);
});

test("what of the pod's traffic is captured comes from the volume", () => {
  const capture = { excludeOutboundIPRanges: ["198.18.0.1"], includeInboundPorts: [8080], dns: true };
  assert.deepEqual(readVolumeContext({ ...context, capture: JSON.stringify(capture) }).capture, capture);
});

test("a pod without probes has none", () => assert.deepEqual(readVolumeContext(context).probes, []));

describe("a volume is refused, with field, value and fix, when", () => {
  const probes = (change: object): { readonly probes: string } => ({
    probes: JSON.stringify([{ ...probe, ...change }]),
  });
  const capture = (value: object): { readonly capture: string } => ({ capture: JSON.stringify(value) });
  const cases: Record<string, { change: Record<string, string>; words: RegExp }> = {
    "it is of a PersistentVolume": {
      change: { "csi.storage.k8s.io/ephemeral": "false" },
      words: /not an inline volume/,
    },
    "its contract is a later one": {
      change: { contract: "2" },
      words: /"contract" is "2": this node agent serves "1"/,
    },
    "its revision leads elsewhere": {
      change: { revision: "x.evil.example/" },
      words: /"revision" is "x.evil.example\/": set it to a revision's name/,
    },
    "it is of a version that is none": {
      change: { version: "newest" },
      words: /"version" is "newest": set it to the sidecar's version, as "v1\.1\.0", or leave it out/,
    },
    "nobody is known to redirect it": {
      change: { redirect: "nobody" },
      words: /"redirect" is "nobody": set it to "init" or "cni"/,
    },
    "its revision is longer than a label": { change: { revision: "r".repeat(64) }, words: /"revision" is "rrr/ },
    "kubelet does not name the pod": {
      change: { "csi.storage.k8s.io/pod.name": "" },
      words: /did not send "csi.storage.k8s.io\/pod.name": set podInfoOnMount/,
    },
    "its probes are no JSON": { change: { probes: "[" }, words: /attribute "probes" is wrong/ },
    "its probes are a megabyte": { change: { probes: " ".repeat(1_000_000) }, words: /1000000 bytes: at most 16384/ },
    "a probe's path is any path": { change: probes({ path: "/stats" }), words: /attribute "probes.0.path"/ },
    "a probe's target has a line break": { change: probes({ targetPath: "/a\r\nb" }), words: /"probes.0.targetPath"/ },
    "a probe's port is none": { change: probes({ port: 0 }), words: /"probes.0.port"/ },
    "a probe has a field more": { change: probes({ host: "bank" }), words: /attribute "probes.0" is wrong/ },
    "a probe is of another kind": { change: probes({ kind: "exec" }), words: /attribute "probes.0.kind" is wrong/ },
    "a health service's name has a line break": {
      change: probes({ kind: "grpc", service: "a\nb", scheme: undefined, targetPath: undefined }),
      words: /"probes.0.service"/,
    },
    "a captured range is a rule": {
      change: capture({ includeOutboundIPRanges: ["198.18.0.0/15", "0.0.0.0/0 accept; flush ruleset"] }),
      words: /attribute "capture.includeOutboundIPRanges.1" is wrong: not a range/,
    },
    "a captured port is none": {
      change: capture({ excludeInboundPorts: [70_000] }),
      words: /"capture.excludeInboundPorts.0"/,
    },
    "a list of captured ports has no end": {
      change: capture({ includeOutboundPorts: Array.from({ length: 65 }, (_, index) => index + 1) }),
      words: /"capture.includeOutboundPorts" is wrong/,
    },
    "whether names are captured is no yes or no": {
      change: capture({ dns: "198.19.0.10" }),
      words: /"capture.dns" is wrong/,
    },
    "its capture names what is not known": { change: capture({ udp: true }), words: /attribute "capture" is wrong/ },
  };
  for (const [name, { change, words }] of Object.entries(cases)) {
    test(name, () => {
      assert.throws(
        () => readVolumeContext({ ...context, ...change }),
        (error) => error instanceof VolumeError && error.reason === "InvalidArgument" && words.test(error.message),
      );
    });
  }
});
