import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FleetState, Observed } from "../observe/types.ts";
import { objectId } from "./manifest.ts";
import { plan } from "./plan.ts";
import type { Step } from "./step.ts";
import { canary, lifecycle, revisionFor, tag, type World, world } from "./testdata/lifecycle.ts";
import { complete, meshInstall } from "./testdata/observed.ts";

/** A step in a few words. */
function words(step: Step): string {
  if ("manifest" in step) return `${step.kind} ${objectId(step.manifest)}`;
  if (step.kind === "releaseRevision") return `release MeshRevision "${step.revision.metadata.name}"`;
  return "object" in step ? `${step.kind} ${objectId(step.object)}` : step.kind;
}

const steps = (observed: Observed): readonly string[] => plan(observed, lifecycle).steps.map(words);
const of = (name: string, found: readonly string[]): readonly string[] => found.filter((step) => step.includes(name));
const [old, next] = [revisionFor("v1.0.0"), revisionFor("v1.1.0")];

function problems(observed: Observed): string {
  const { verdict } = plan(observed, lifecycle);
  assert.ok(verdict.kind === "refused", verdict.kind);
  return verdict.problems.map(({ reason, message }) => `${reason}: ${message}`).join();
}

describe("a canary upgrade", () => {
  const begun = world({ install: canary("v1.1.0", "v1.0.0"), revisions: ["v1.0.0"], namespaces: { [old]: ["shop"] } });

  test("first remembers the new revision and brings the node agents up to it, and touches nothing of the old one", () => {
    const found = steps(begun);
    assert.deepEqual(found, [`apply MeshRevision "${next}"`, 'apply DaemonSet "mesh-system/meshwright-node-agent"']);
    assert.deepEqual(of(old, found), []);
  });

  test("runs the new control plane beside the old one once the node agents are new", () => {
    const both = world({ install: canary("v1.1.0", "v1.0.0"), revisions: ["v1.0.0", "v1.1.0"] });
    const owned = both.owned.filter(({ metadata }) => metadata.labels?.["istio.io/rev"] !== next);
    const observed: Observed = { ...both, owned, webhooks: new Map([[old, { kind: "answers" }]]) };
    const found = steps(observed);
    assert.ok(found.includes(`apply Deployment "mesh-system/meshd-${next}"`));
    assert.ok(!found.some((step) => step.includes("MutatingWebhookConfiguration")));
    assert.deepEqual(of(old, found), []);
  });

  test("is complete with both, and tells which one is asked for", () => {
    const both = world({
      install: canary("v1.1.0", "v1.0.0"),
      revisions: ["v1.0.0", "v1.1.0"],
      namespaces: { [old]: ["shop"] },
    });
    const { steps: left, verdict, target } = plan(both, lifecycle);
    assert.deepEqual(left, []);
    assert.equal(verdict.kind, "ready");
    assert.deepEqual(target, { revision: next, version: "v1.1.0" });
  });

  test("goes back to the old revision, which is still installed", () => {
    const back = world({
      install: canary("v1.0.0", "v1.1.0"),
      revisions: ["v1.0.0", "v1.1.0"],
      namespaces: { [next]: ["shop"] },
    });
    assert.equal(plan(back, lifecycle).target?.revision, old);
    assert.deepEqual(steps(back), []);
  });

  test("shares what the whole mesh shares, and leaves the rest of the old revision as it was", () => {
    const install = meshInstall({
      spec: {
        version: "v1.1.0",
        updateStrategy: { type: "RevisionBased" },
        mesh: { mtls: "Strict" },
        controlPlane: { replicas: 3 },
      },
      status: { version: "v1.0.0", activeRevision: old },
    });
    const before = world({
      install: canary("v1.0.0", "v1.0.0"),
      revisions: ["v1.0.0"],
      namespaces: { [old]: ["shop"] },
    });
    const { steps: found } = plan({ ...before, install, installs: [install] }, lifecycle);
    const specs = found.flatMap((step) =>
      "manifest" in step && step.manifest.kind === "MeshRevision" ? [step.manifest] : [],
    );
    const spec = (name: string): unknown => specs.find(({ metadata }) => metadata.name === name)?.["spec"];
    const settings = (name: string) => spec(name) as { mesh: { mtls: string }; controlPlane: { replicas: number } };
    assert.deepEqual([settings(old).mesh.mtls, settings(old).controlPlane.replicas], ["Strict", 2]);
    assert.deepEqual([settings(next).mesh.mtls, settings(next).controlPlane.replicas], ["Strict", 3]);
  });
});

describe("an alias", () => {
  test("that moves makes a new revision, named by what it stands for now", () => {
    const install = meshInstall({
      spec: { version: "v1.1-latest", updateStrategy: { type: "RevisionBased" } },
      status: { version: "v1.1.0", activeRevision: next },
    });
    const observed = world({ install, revisions: ["v1.1.0"], namespaces: { [next]: ["shop"] } });
    assert.deepEqual(of("MeshRevision", steps(observed)), [`apply MeshRevision "${revisionFor("v1.1.1")}"`]);
  });
});

describe("a version that cannot be had", () => {
  const cases: Readonly<
    Record<string, { version: string; world: Omit<World, "install">; active: string; words: RegExp }>
  > = {
    "skips a minor": {
      version: "v1.2.0",
      active: "v1.0.0",
      world: { revisions: ["v1.0.0"] },
      words: /SkipsVersions: spec\.version is "v1\.2\.0", but the mesh is at v1\.0\.0: .*: v1\.1\.1, then v1\.2\.0$/,
    },
    "is older": {
      version: "v1.1.0",
      active: "v1.1.1",
      world: { revisions: ["v1.1.1"] },
      words: /Downgrade: .* set it to v1\.1\.1 or a newer one$/,
    },
    "is unknown": {
      version: "v9.9.9",
      active: "v1.1.0",
      world: { revisions: ["v1.1.0"] },
      words: /UnknownVersion: .*one of v1\.3\.0, .*, v1\.3-latest/,
    },
  };
  for (const [name, { version, active, world: rest, words: pattern }] of Object.entries(cases)) {
    test(`because it ${name} leaves what is installed as it is, and reconciled`, () => {
      const namespaces = { [revisionFor(active)]: ["shop"] };
      const observed = world({ install: canary(version, active), ...rest, namespaces });
      assert.match(problems(observed), pattern);
      assert.deepEqual(steps(observed), []);
      const gone = { ...observed, owned: observed.owned.filter(({ kind }) => kind !== "Service") };
      assert.deepEqual(steps(gone), [`apply Service "mesh-system/meshd-${revisionFor(active)}"`]);
    });
  }

  test("because it is at its end of life is not begun with, and goes on where it runs", () => {
    const fresh = { ...world({ install: canary("v1.0.0"), revisions: [] }), owned: [] };
    assert.match(problems(fresh), /EndOfLife: spec\.version is "v1\.0\.0", which is without fixes since 2029-12-31/);
    assert.deepEqual(steps(fresh), []);
    const runs = world({ install: canary("v1.0.0", "v1.0.0"), revisions: ["v1.0.0"], namespaces: { [old]: ["shop"] } });
    const { verdict, revisions } = plan(runs, lifecycle);
    assert.equal(verdict.kind, "ready");
    assert.match(revisions[0]?.note ?? "", /without fixes since 2029-12-31: upgrade/);
  });

  test("any more, since a newer operator does not know it, leaves every object where it is", () => {
    const observed = world({
      install: canary("v1.0.0", "v1.0.0"),
      revisions: ["v1.0.0"],
      namespaces: { [old]: ["shop"] },
    });
    const [newest] = lifecycle.catalogue;
    const { steps: found, revisions } = plan(observed, { ...lifecycle, catalogue: [newest] });
    assert.deepEqual(found, []);
    assert.match(revisions[0]?.note ?? "", /does not know version v1\.0\.0: the revision stays as it is/);
  });
});

describe("a label", () => {
  test("that names neither a revision nor a tag is found, with who has it", () => {
    const namespaces = { [old]: ["shop"], "no-such": ["pay", "web"], prod: ["tagged"] };
    const pods = { "no-such": ["alone/pod"] };
    const observed = world({
      install: canary("v1.0.0", "v1.0.0"),
      revisions: ["v1.0.0"],
      namespaces,
      pods,
      tags: [tag("prod")],
    });
    assert.deepEqual(plan(observed, lifecycle).dangling, [
      { name: "no-such", users: ['Namespace "pay"', 'Namespace "web"', 'Pod "alone/pod"'] },
    ]);
  });

  test("that names a tag without a revision is found too", () => {
    const lost = world({
      install: canary("v1.0.0", "v1.0.0"),
      revisions: ["v1.0.0"],
      namespaces: { prod: ["shop"] },
      tags: [tag("prod", "gone")],
    });
    assert.deepEqual(plan(lost, lifecycle).dangling, [{ name: "prod", users: ['Namespace "shop"'] }]);
  });
});

describe("an upgrade in place", () => {
  const at = (version: string): Observed => {
    const install = meshInstall({
      spec: { version: "v1.1.0" },
      status: { version: "v1.1.0", activeRevision: "default" },
    });
    const next = meshInstall({ spec: { version: "v1.2.0" }, status: install.status });
    const versions = [{ version, proxies: 3 }];
    const fleet = {
      kind: "known",
      connected: 3,
      onTarget: 0,
      stale: 0,
      rejecting: 0,
      versions,
      rejections: [],
    } as const;
    const observed = complete(install, { settings: lifecycle });
    return { ...observed, install: next, installs: [next], fleets: new Map([["default", fleet]]) };
  };

  test("waits for proxies that the next control plane would not serve", () => {
    const told = /^ProxiesOutOfReach: spec\.version is "v1\.2\.0", .* connected now: 3 of v1\.0\.0; restart/;
    assert.match(problems(at("v1.0.0")), told);
    assert.deepEqual(steps(at("v1.0.0")), []);
  });

  test("goes on with proxies that it serves, and with those that do not say what they are", () => {
    for (const version of ["v1.1.0", "v1.2.0", ""])
      assert.deepEqual(of("MeshRevision", steps(at(version))), ['apply MeshRevision "default"']);
  });
});

describe("a change of strategy", () => {
  test("to RevisionBased makes a revision beside the one that was updated in place", () => {
    const inPlace = meshInstall({
      spec: { version: "v1.1.0" },
      status: { version: "v1.1.0", activeRevision: "default" },
    });
    const before = world({ install: inPlace, revisions: ["v1.1.0"] });
    const install = canary("v1.1.0", "v1.1.0");
    assert.deepEqual(of("default-v1-1-1", steps({ ...before, install, installs: [install] })), []);
    assert.equal(plan({ ...before, install, installs: [install] }, lifecycle).target?.revision, next);
  });

  test("to InPlace goes on under the install's own name, at no older version", () => {
    const install = meshInstall({ spec: { version: "v1.1.0" }, status: { version: "v1.1.0", activeRevision: next } });
    const observed = world({ install, revisions: ["v1.1.0"], namespaces: { [next]: ["shop"] } });
    assert.deepEqual(of("MeshRevision", steps(observed)), ['apply MeshRevision "default"']);
    const back = meshInstall({ spec: { version: "v1.0.0" }, status: { version: "v1.1.0", activeRevision: next } });
    assert.match(problems({ ...observed, install: back, installs: [back] }), /^Downgrade/);
  });
});

describe("a revision that is not asked for any more", () => {
  const now = "2030-01-02T00:00:00Z"; // as in testdata
  const longAgo = "2030-01-01T00:00:00Z";
  const after = (over: Partial<World>, fleet?: FleetState): Observed => {
    const observed = world({ install: canary("v1.1.0", "v1.1.0"), revisions: ["v1.0.0", "v1.1.0"], ...over });
    return fleet === undefined ? observed : { ...observed, fleets: new Map([[old, fleet]]) };
  };
  const known = {
    kind: "known",
    connected: 1,
    onTarget: 1,
    stale: 0,
    rejecting: 0,
    versions: [],
    rejections: [],
  } as const;
  const unusedSince = { [old]: longAgo };

  test("goes when it was seen unused for the grace period", () => {
    assert.deepEqual(steps(after({ unusedSince })), [`delete MeshRevision "${old}"`]);
    assert.equal(plan(after({ unusedSince: { [old]: now } }), lifecycle).recheckAfterMs, 30_000);
    assert.deepEqual(steps(after({ unusedSince: { [old]: now } })), []);
  });

  test("has the whole grace period from when it ceased to be asked for, however long nobody had used it", () => {
    const justNow = { unusedSince, inactiveSince: { [old]: now } };
    assert.deepEqual(steps(after(justNow)), []);
    assert.equal(plan(after(justNow), lifecycle).recheckAfterMs, 30_000);
  });

  test("is seen unused first, before its time begins", () => {
    assert.deepEqual(steps(after({})), []);
  });

  const holders: Readonly<Record<string, Observed>> = {
    "a namespace asks for it": after({ unusedSince, namespaces: { [old]: ["shop"] } }),
    "a pod was injected by it": after({ unusedSince, pods: { [old]: ["shop/web"] } }),
    "a proxy is connected to it": after({ unusedSince }, known),
    "a replica of its control plane does not say who is connected": after(
      { unusedSince },
      { kind: "unknown", detail: "silent", rejections: [] },
    ),
    "it last was ready": after({ unusedSince, install: canary("v1.1.0", "v1.0.0") }),
  };
  for (const [name, observed] of Object.entries(holders))
    test(`stays while ${name}`, () => assert.deepEqual(steps(observed), []));

  test("stays when its annotation says so", () => {
    const observed = after({ unusedSince });
    const revisions = observed.revisions.map((each) => ({
      ...each,
      metadata: { ...each.metadata, annotations: { ...each.metadata.annotations, "meshwright.dev/keep": "true" } },
    }));
    assert.deepEqual(steps({ ...observed, revisions }), []);
  });

  const deleting = (observed: Observed): Observed => ({
    ...observed,
    revisions: observed.revisions.map((each) =>
      each.metadata.name === old ? { ...each, metadata: { ...each.metadata, deletionTimestamp: now } } : each,
    ),
  });

  test("is taken apart webhook first, then what the webhook called, then itself", () => {
    const all = deleting(after({}));
    assert.deepEqual(steps(all), [`delete MutatingWebhookConfiguration "meshwright-injector-${old}"`]);
    const rest = { ...all, owned: all.owned.filter(({ metadata }) => metadata.name !== `meshwright-injector-${old}`) };
    assert.ok(steps(rest).includes(`delete Deployment "mesh-system/meshd-${old}"`));
    assert.ok(steps(rest).every((step) => step.startsWith("delete ") && step.includes(old)));
    const bare = { ...rest, owned: rest.owned.filter(({ metadata }) => metadata.labels?.["istio.io/rev"] !== old) };
    assert.deepEqual(steps(bare), [`release MeshRevision "${old}"`]);
  });

  test("that a user deletes while it is used is kept whole until nothing uses it", () => {
    const observed = deleting(after({ namespaces: { [old]: ["shop"] } }));
    assert.deepEqual(steps(observed), []);
    const gone = { ...observed, owned: observed.owned.filter(({ kind }) => kind !== "Service") };
    assert.ok(steps(gone).includes(`apply Service "mesh-system/meshd-${old}"`));
  });
});
