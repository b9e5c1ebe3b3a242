import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { revisionFor, tag } from "./testdata/lifecycle.ts";
import { Simulation } from "./testdata/simulation.ts";

const versions = ["v1.1.0", "v1.1.1", "v1.2.0", "v1.3.0", "v9.9.9"] as const;
const namespaces = ["shop", "pay"] as const;

/** What users do to a mesh. */
type Deed =
  | { readonly kind: "version"; readonly version: string }
  | { readonly kind: "strategy"; readonly type: "InPlace" | "RevisionBased" }
  | { readonly kind: "label"; readonly namespace: string; readonly pick: number }
  | { readonly kind: "tag"; readonly target: string | undefined }
  | { readonly kind: "restart"; readonly namespace: string };

const names = ["default", "prod", ...versions.map(revisionFor)];
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ kind: fc.constant("version" as const), version: fc.constantFrom(...versions) }),
  fc.record({
    kind: fc.constant("strategy" as const),
    type: fc.constantFrom("InPlace" as const, "RevisionBased" as const),
  }),
  fc.record({ kind: fc.constant("label" as const), namespace: fc.constantFrom(...namespaces), pick: fc.nat(9) }),
  fc.record({ kind: fc.constant("tag" as const), target: fc.constantFrom(undefined, ...versions.map(revisionFor)) }),
  fc.record({ kind: fc.constant("restart" as const), namespace: fc.constantFrom(...namespaces) }),
);

/** A label moves only to what injects: what users are told to wait for. */
function relabel(mesh: Simulation, namespace: string, pick: number): void {
  const injecting = names.filter((name) => mesh.injectorOf(name) !== undefined);
  const name = injecting[pick % injecting.length];
  if (name !== undefined) mesh.namespaces.set(namespace, name);
}

function act(mesh: Simulation, what: Deed): void {
  switch (what.kind) {
    case "version":
      return mesh.ask({ version: what.version });
    case "strategy":
      return mesh.ask({ updateStrategy: { type: what.type } });
    case "label":
      return relabel(mesh, what.namespace, what.pick);
    case "tag":
      return mesh.tag(tag("prod", what.target));
    case "restart":
      return mesh.restart(what.namespace);
  }
}

/** Rounds of five seconds without a step after which nothing is waited for any more: the grace period is over. */
const quietRounds = 9;

/** Works until nothing is left to do, each time no further than it is let. */
function settle(mesh: Simulation, letSteps: () => number, check: () => void): void {
  let quiet = 0;
  for (let round = 0; round < 300 && quiet < quietRounds; round++) {
    quiet = mesh.work(letSteps()).steps.length === 0 ? quiet + 1 : 0;
    check();
    mesh.pass(5);
    check();
  }
  assert.equal(quiet, quietRounds, "it does not come to rest");
}

/** Nobody who creates a pod in a labelled namespace waits for a webhook that is not there. */
function everyNamespaceInjects(mesh: Simulation): void {
  for (const [namespace, name] of mesh.namespaces)
    assert.ok(mesh.injectorOf(name) !== undefined, `namespace ${namespace} asks for ${name}, which does not inject`);
}

const whole = (): number => Number.POSITIVE_INFINITY;

function run(deeds: readonly Deed[], letSteps: () => number): Simulation {
  const mesh = new Simulation("v1.1.0", "RevisionBased");
  mesh.tag(tag("prod"));
  settle(mesh, letSteps, () => undefined);
  mesh.namespaces.set("shop", revisionFor("v1.1.0"));
  mesh.namespaces.set("pay", "prod");
  for (const namespace of namespaces) mesh.restart(namespace);
  for (const each of deeds) {
    act(mesh, each);
    settle(mesh, letSteps, () => everyNamespaceInjects(mesh));
  }
  return mesh;
}

describe("a mesh, whatever its users do", () => {
  test("comes to rest, and never leaves a labelled namespace without a webhook that answers", () => {
    fc.assert(
      fc.property(fc.array(deed, { minLength: 1, maxLength: 6 }), (deeds) => void run(deeds, whole)),
      { numRuns: 60 },
    );
  });

  test("comes to the same end however often the operator is killed on the way", () => {
    const lets = fc.infiniteStream(fc.integer({ min: 0, max: 3 }));
    const deeds = fc.array(deed, { minLength: 1, maxLength: 4 });
    const check = fc.property(deeds, lets, (done, allowed) => {
      const killed = run(done, () => allowed.next().value);
      const unhurt = run(done, whole);
      assert.deepEqual(killed.state(), unhurt.state());
    });
    fc.assert(check, { numRuns: 40 });
  });
});
