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
  });
});

test("a pod without probes has none", () => assert.deepEqual(readVolumeContext(context).probes, []));

describe("a volume is refused, with field, value and fix, when", () => {
  const probes = (change: object): { readonly probes: string } => ({
    probes: JSON.stringify([{ ...probe, ...change }]),
  });
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
