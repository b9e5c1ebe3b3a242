import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { RevisionReport } from "../plan/step.ts";
import { meshInstall, meshRevision } from "../plan/testdata/observed.ts";
import type { Usage } from "../plan/usage.ts";
import { revisionHappenings } from "./events.ts";
import { revisionStatus } from "./revision-status.ts";

const revision = meshRevision(meshInstall(), { version: "v1.1.0" });
const unused: Usage = { tags: [], namespaces: [], pods: [], connections: 0 };
const whole: RevisionReport = {
  revision,
  obstacles: [],
  changing: [],
  dependency: { kind: "healthy" },
  injection: { kind: "answers" },
  isActive: true,
  usage: unused,
  fleet: undefined,
  note: undefined,
};
const now = new Date("2030-01-02T00:00:00Z");

/** What a condition says, in a line. */
function said(report: Partial<RevisionReport>, wanted: string): string {
  const found = revisionStatus({ ...whole, ...report }, now).conditions?.find(({ type }) => type === wanted);
  return `${found?.status} ${found?.reason}: ${found?.message}`;
}

describe("the status of a revision", () => {
  test("says that it is ready, and what a user should know all the same", () => {
    assert.equal(said({}, "Ready"), "True Ready: it serves proxies and injects pods");
    assert.equal(said({ note: "upgrade" }, "Ready"), "True Ready: it serves proxies and injects pods; upgrade");
  });

  test("says what keeps it from being ready, and what is being applied", () => {
    const obstacles = [
      { reason: "ControlPlaneNotReady", message: "1 of 2" },
      { reason: "WebhookNotReady", message: "refused" },
    ] as const;
    assert.equal(said({ obstacles }, "Ready"), "False ControlPlaneNotReady: 1 of 2; refused");
    assert.equal(said({ changing: ['Service "a/b"'] }, "Reconciled"), 'False Applying: applying Service "a/b"');
  });

  test("says whether the node agent works and is new enough", () => {
    assert.match(said({}, "DependenciesHealthy"), /^True Healthy: /);
    const dependency = { kind: "unhealthy", reason: "NodeAgentBehind", message: "v1.0.0 is older" } as const;
    assert.equal(said({ dependency }, "DependenciesHealthy"), "False NodeAgentBehind: v1.0.0 is older");
  });

  test("says whether the install has it, or another", () => {
    assert.match(said({}, "Active"), /^True Wanted: /);
    assert.equal(said({ isActive: false }, "Active"), "False Superseded: the MeshInstall has another");
  });

  test("says whether pods can get its sidecar", () => {
    assert.equal(said({}, "Injecting"), "True WebhookAnswers: pods that ask for it get their sidecar");
    assert.equal(said({ injection: { kind: "none" } }, "Injecting"), "False WebhookNotReady: it has no webhook yet");
    assert.equal(
      said({ injection: { kind: "silent", detail: "refused" } }, "Injecting"),
      "False WebhookSilent: pods that ask for it cannot be created, since its webhook does not answer: refused",
    );
  });

  const uses: Readonly<Record<string, [Partial<Usage>, string]>> = {
    "nothing uses it": [{}, "False NotReferenced: nothing refers to it or is connected to it"],
    "much uses it": [
      { tags: ["prod"], namespaces: ["a", "b"], pods: ["a/x"], connections: 2 },
      "True Referenced: held by 1 tag, 2 namespaces, 1 pod, 2 connected proxies",
    ],
    "only a proxy is connected": [{ connections: 1 }, "True Referenced: held by 1 connected proxy"],
    "a pod uses it, and a replica is silent": [
      { pods: ["a/x"], connections: undefined },
      "True Referenced: held by 1 pod",
    ],
  };
  for (const [name, [usage, want]] of Object.entries(uses))
    test(`says it when ${name}`, () => assert.equal(said({ usage: { ...unused, ...usage } }, "InUse"), want));

  test("does not say no when a replica is silent", () => {
    assert.match(said({ usage: { ...unused, connections: undefined } }, "InUse"), /^Unknown ReplicaSilent: /);
  });

  test("counts what uses it, and names ten at most", () => {
    const pods = Array.from({ length: 12 }, (_, index) => `shop/pod-${String(index).padStart(2, "0")}`);
    const { users } = revisionStatus({ ...whole, usage: { ...unused, tags: ["prod"], pods } }, now);
    assert.equal(users?.pods, 12);
    assert.equal(users?.blockers?.length, 10);
    assert.deepEqual(users?.blockers?.slice(0, 2), ['MeshRevisionTag "prod"', 'Pod "shop/pod-00"']);
  });

  test("is the same for the same facts at another time", () => {
    const first = revisionStatus(whole, now);
    const again = { ...whole, revision: { ...revision, status: first } };
    assert.deepEqual(revisionStatus(again, new Date("2030-01-03T00:00:00Z")), first);
  });
});

describe("what happened to a revision", () => {
  const status = (injection: RevisionReport["injection"]) => revisionStatus({ ...whole, injection }, now);
  const [answers, silent, none] = [
    status({ kind: "answers" }),
    status({ kind: "silent", detail: "refused" }),
    status({ kind: "none" }),
  ];
  const told = (before: typeof answers | undefined, after: typeof answers): readonly string[] =>
    revisionHappenings(before, after).map(({ type, reason }) => `${type} ${reason}`);

  test("is told when its webhook falls silent, and when it answers again, once each", () => {
    assert.deepEqual(told(answers, silent), ["Warning WebhookSilent"]);
    assert.deepEqual(told(silent, silent), []);
    assert.deepEqual(told(silent, answers), ["Normal WebhookAnswers"]);
  });

  test("is not told of a webhook that is yet to come", () => {
    assert.deepEqual(told(undefined, none), []);
    assert.deepEqual(told(none, answers), []);
    assert.deepEqual(told(undefined, answers), []);
  });
});
