import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Pod } from "./pod.ts";
import { injectRequired } from "./selection.ts";

type Labels = Readonly<Record<string, string>>;

const pod = (labels: Labels): Pod => ({ metadata: { name: "web", labels }, spec: { containers: [{ name: "web" }] } });
const yes = { "sidecar.istio.io/inject": "true" };
const no = { "sidecar.istio.io/inject": "false" };
const rev = (revision: string): Labels => ({ "istio.io/rev": revision });

/** Revision that a pod gets, asked of each of two revisions. */
function revisionOf(namespace: Labels, podLabels: Labels): string {
  const answers = ["default", "canary"].filter(
    (revision) => injectRequired(pod(podLabels), { name: "shop", labels: namespace }, revision).kind === "inject",
  );
  return answers.join("+") || "none";
}

describe("the revision of a pod's sidecar", () => {
  const podColumns = [{}, yes, no, rev("canary"), { ...yes, ...rev("canary") }];
  const rows: Record<string, { namespace: Labels; want: readonly string[] }> = {
    "without labels on the namespace, is what the pod asks for": {
      namespace: {},
      want: ["none", "default", "none", "canary", "canary"],
    },
    "in a namespace with injection, is the default one": {
      namespace: { "istio-injection": "enabled" },
      want: ["default", "default", "none", "default", "default"],
    },
    "in a namespace that opted out, is none": {
      namespace: { "istio-injection": "disabled" },
      want: ["none", "none", "none", "none", "none"],
    },
    "in a namespace of a revision, is that one": {
      namespace: rev("canary"),
      want: ["canary", "canary", "none", "canary", "canary"],
    },
    "in a namespace with both labels, is the default one": {
      namespace: { "istio-injection": "enabled", ...rev("canary") },
      want: ["default", "default", "none", "default", "default"],
    },
  };
  for (const [name, { namespace, want }] of Object.entries(rows)) {
    test(name, () =>
      assert.deepEqual(
        podColumns.map((labels) => revisionOf(namespace, labels)),
        want,
      ),
    );
  }
});

test("labels that do not explain why the API server asked are out of date", () => {
  const asked = (namespace: Labels) => injectRequired(pod({}), { name: "shop", labels: namespace }, "default");
  assert.deepEqual(asked({}), { kind: "stale", wanted: undefined });
  assert.deepEqual(asked(rev("canary")), { kind: "stale", wanted: "canary" });
});

test("in a namespace that is not known yet, the API server's selection counts, but not against the pod's own word", () => {
  const unknown = { name: "shop", labels: "unknown" } as const;
  assert.deepEqual(injectRequired(pod({}), unknown, "default"), { kind: "inject" });
  assert.deepEqual(injectRequired(pod(no), unknown, "default"), { kind: "skip", reason: "OptedOut" });
});
