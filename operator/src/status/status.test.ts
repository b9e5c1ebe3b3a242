import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { MeshInstall } from "../api/mesh-install.ts";
import type { FleetState } from "../observe/types.ts";
import type { Verdict } from "../plan/step.ts";
import { meshInstall } from "../plan/testdata/observed.ts";
import { happenings } from "./events.ts";
import type { Outcome } from "./findings.ts";
import { type Planned, status } from "./status.ts";

const seen = (install: MeshInstall, fleet: FleetState = { kind: "unasked" }) => ({
  install,
  fleets: new Map([["default", fleet]]),
  certificateAuthority: { kind: "missing" } as const,
});
/** A plan of which only the verdict matters. */
const planned = (verdict: Verdict, version = "v1.1.0"): Planned => ({
  verdict,
  target: { revision: "default", version },
  revisions: [],
  dangling: [],
});
const earlier = new Date("2030-01-01T00:00:00Z");
const later = new Date("2030-01-01T01:00:00Z");
const applied: Outcome = { kind: "applied" };
const ready: Verdict = { kind: "ready" };
const waiting: Verdict = {
  kind: "progressing",
  reason: "ControlPlaneNotReady",
  message: "1 of 2 replicas are updated",
};
const refused: Verdict = {
  kind: "refused",
  problems: [{ reason: "UnknownVersion", message: "spec.version is unknown" }],
};

/** Status of each condition, in one line. */
const line = (verdict: Verdict, outcome: Outcome = applied): string =>
  (status(seen(meshInstall()), planned(verdict), outcome, earlier).conditions ?? [])
    .map((c) => `${c.type}=${c.status}`)
    .join(" ");

describe("the conditions of a mesh", () => {
  const cases: Record<string, { verdict: Verdict; outcome?: Outcome; want: string }> = {
    "that is ready": {
      verdict: ready,
      want: "DependenciesHealthy=True ProxiesHealthy=Unknown Ready=True Reconciled=True Reconciling=False ReferencesResolved=True Stalled=False Upgradeable=True",
    },
    "that is on its way": {
      verdict: waiting,
      want: "DependenciesHealthy=True ProxiesHealthy=Unknown Ready=False Reconciled=True Reconciling=True ReferencesResolved=True Stalled=False Upgradeable=False",
    },
    "that a user must mend": {
      verdict: refused,
      want: "DependenciesHealthy=True ProxiesHealthy=Unknown Ready=False Reconciled=False Reconciling=False ReferencesResolved=True Stalled=True Upgradeable=False",
    },
    "that lacks something of the cluster": {
      verdict: { kind: "refused", problems: [{ reason: "UnsupportedKubernetes", message: "too old" }] },
      want: "DependenciesHealthy=False ProxiesHealthy=Unknown Ready=False Reconciled=False Reconciling=False ReferencesResolved=True Stalled=True Upgradeable=False",
    },
    "whose change failed for now": {
      verdict: waiting,
      outcome: { kind: "failed", message: "no answer", lasting: false },
      want: "DependenciesHealthy=True ProxiesHealthy=Unknown Ready=False Reconciled=False Reconciling=True ReferencesResolved=True Stalled=False Upgradeable=False",
    },
    "whose change the API server refuses": {
      verdict: waiting,
      outcome: { kind: "failed", message: "forbidden", lasting: true },
      want: "DependenciesHealthy=True ProxiesHealthy=Unknown Ready=False Reconciled=False Reconciling=True ReferencesResolved=True Stalled=True Upgradeable=False",
    },
    "that may not be uninstalled": {
      verdict: { kind: "uninstallRefused", problem: { reason: "ProxiesRemain", message: "pod a" } },
      want: "DependenciesHealthy=True ProxiesHealthy=Unknown Ready=False Reconciled=False Reconciling=False ReferencesResolved=True Stalled=True Upgradeable=False",
    },
  };
  for (const [name, { verdict, outcome, want }] of Object.entries(cases)) {
    test(name, () => assert.equal(line(verdict, outcome), want));
  }
});

describe("a status", () => {
  const first = status(seen(meshInstall()), planned(waiting), applied, earlier);

  test("is the same for the same facts at another time", () => {
    assert.deepEqual(status(seen(meshInstall({ status: first })), planned(waiting), applied, later), first);
  });

  test("moves the time of a transition only with the condition's status", () => {
    const { conditions = [] } = status(seen(meshInstall({ status: first })), planned(ready), applied, later);
    const times = Object.fromEntries(conditions.map((c) => [c.type, c.lastTransitionTime]));
    assert.equal(times["Ready"], "2030-01-01T01:00:00Z");
    assert.equal(times["Reconciled"], "2030-01-01T00:00:00Z");
  });

  const phases: Record<string, { install: MeshInstall; verdict: Verdict; want: string }> = {
    "Installing before it was ever ready": { install: meshInstall(), verdict: waiting, want: "Installing" },
    "Upgrading while another version was ready": {
      install: meshInstall({ status: { version: "v1.0.0" } }),
      verdict: waiting,
      want: "Upgrading",
    },
    "Degraded when this version was ready": {
      install: meshInstall({ status: { version: "v1.1.0" } }),
      verdict: waiting,
      want: "Degraded",
    },
    "Stalled when a user must act": { install: meshInstall(), verdict: refused, want: "Stalled" },
    Ready: { install: meshInstall(), verdict: ready, want: "Ready" },
    "Uninstalling, even when refused": {
      install: meshInstall({ metadata: { deletionTimestamp: "2030-01-01T00:00:00Z" } }),
      verdict: refused,
      want: "Uninstalling",
    },
  };
  for (const [name, { install, verdict, want }] of Object.entries(phases)) {
    test(`has the phase ${name}`, () =>
      assert.equal(status(seen(install), planned(verdict), applied, later).phase, want));
  }

  test("keeps the version that last was ready", () => {
    const before = status(
      seen(meshInstall({ spec: { version: "v1.0.0" } })),
      planned(ready, "v1.0.0"),
      applied,
      earlier,
    );
    assert.equal(before.version, "v1.0.0");
    assert.equal(status(seen(meshInstall({ status: before })), planned(waiting), applied, later).version, "v1.0.0");
  });
});

describe("Events", () => {
  const of = (verdict: Verdict, before?: Verdict): readonly string[] => {
    const was = before && status(seen(meshInstall()), planned(before), applied, earlier);
    return happenings(was, status(seen(meshInstall()), planned(verdict), applied, later)).map(
      (h) => `${h.type} ${h.reason}`,
    );
  };

  test("tell a change of the reason", () => assert.deepEqual(of(ready, waiting), ["Normal Ready"]));
  test("warn when a ready mesh is ready no more", () =>
    assert.deepEqual(of(waiting, ready), ["Warning ControlPlaneNotReady"]));
  test("warn of what a user must mend", () => assert.deepEqual(of(refused), ["Warning UnknownVersion"]));
  test("are silent about progress", () => assert.deepEqual(of({ ...waiting, message: "2 of 2" }, waiting), []));

  test("tell when proxies begin and cease to reject, and nothing of a silent replica", () => {
    const healthy = {
      kind: "known",
      connected: 1,
      onTarget: 1,
      stale: 0,
      rejecting: 0,
      versions: [],
      rejections: [],
    } as const;
    const rejecting = { ...healthy, onTarget: 0, rejecting: 1 };
    const unknown = { kind: "unknown", detail: "silent", versions: [], rejections: [] } as const;
    const of = (fleet: FleetState) => status(seen(meshInstall(), fleet), planned(ready), applied, earlier);
    const told = (before: FleetState, after: FleetState) =>
      happenings(of(before), of(after)).map((h) => `${h.type} ${h.reason}`);
    assert.deepEqual(told(healthy, rejecting), ["Warning ProxiesReject"]);
    assert.deepEqual(told(rejecting, healthy), ["Normal ProxiesAcknowledge"]);
    assert.deepEqual(told(healthy, unknown), []);
    assert.deepEqual(told(unknown, healthy), []);
  });
});
