import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { compare } from "semver";
import type { Catalogue, CatalogueEntry } from "../../api/catalogue.ts";
import { isWithinReach, moveTo } from "./move.ts";
import { knownVersions, resolveVersion } from "./resolve.ts";
import { isEndOfLife, runsOn } from "./support.ts";

function entry(version: string, over: Partial<CatalogueEntry> = {}): CatalogueEntry {
  return {
    version,
    images: { controlPlane: "meshd", nodeAgent: "agent", proxy: "proxy" },
    kubernetes: { range: ">=1.29.0", tested: ["1.37"] },
    proxies: { minorsBehind: 1 },
    ...over,
  };
}

const catalogue: Catalogue = [
  entry("v1.3.0-rc.1"),
  entry("v1.2.0"),
  entry("v1.1.10"),
  entry("v1.1.9"),
  entry("v1.1.0"),
  entry("v1.0.0"),
];

const target = (version: string): CatalogueEntry => resolveVersion(version, catalogue) ?? assert.fail(version);

describe("spec.version", () => {
  test("names a version exactly, or the newest release of a minor version", () => {
    assert.equal(resolveVersion("v1.1.0", catalogue)?.version, "v1.1.0");
    assert.equal(resolveVersion("v1.1-latest", catalogue)?.version, "v1.1.10");
    assert.equal(resolveVersion("v1.3.0-rc.1", catalogue)?.version, "v1.3.0-rc.1");
  });

  for (const unknown of ["v1.3-latest", "v1.4-latest", "1.1.0", "v1.1", "latest", "", "v1.1.0 "])
    test(`may not be ${JSON.stringify(unknown)}`, () => assert.equal(resolveVersion(unknown, catalogue), undefined));

  test("may be what a refusal lists", () => {
    const known = knownVersions(catalogue);
    assert.deepEqual(known.slice(0, 3), ["v1.3.0-rc.1", "v1.2.0", "v1.1.10"]);
    assert.deepEqual(known.slice(-3), ["v1.2-latest", "v1.1-latest", "v1.0-latest"]);
    for (const version of known) assert.ok(resolveVersion(version, catalogue));
  });
});

describe("a mesh", () => {
  const from = (version: string, ...others: readonly string[]) => ({ version, others });

  test("goes to a newer patch of its minor version, or of the next", () => {
    assert.deepEqual(moveTo(target("v1.1.10"), from("v1.1.0"), catalogue), { kind: "upgrade" });
    assert.deepEqual(moveTo(target("v1.2.0"), from("v1.1.9"), catalogue), { kind: "upgrade" });
    assert.deepEqual(moveTo(target("v1.1.0"), from("v1.1.0"), catalogue), { kind: "none" });
  });

  test("does not skip a minor version, and is told the way by the newest of each", () => {
    const fix = "upgrade one minor version at a time: v1.1.10, then v1.2.0";
    const move = moveTo(target("v1.2.0"), from("v1.0.0"), catalogue);
    assert.deepEqual(move, { kind: "refused", why: "SkipsVersions", fix });
  });

  test("is told so when this operator does not know the way", () => {
    const gap: Catalogue = [entry("v1.4.0"), entry("v1.1.0")];
    const move = moveTo(gap[0], from("v1.1.0"), gap);
    const fix =
      "this operator knows no version between the two: upgrade with an older operator first, to the minor version before v1.4.0";
    assert.deepEqual(move, { kind: "refused", why: "SkipsVersions", fix });
  });

  test("does not go back, not by a patch either", () => {
    const fix = "set it to v1.1.9 or a newer one";
    for (const version of ["v1.1.0", "v1.0.0"])
      assert.deepEqual(moveTo(target(version), from("v1.1.9"), catalogue), { kind: "refused", why: "Downgrade", fix });
  });

  test("goes back to what is still installed, and a refusal names it", () => {
    assert.deepEqual(moveTo(target("v1.0.0"), from("v1.1.0", "v1.0.0"), catalogue), { kind: "rollback" });
    const fix = "set it to v1.1.10 or a newer one, or go back to v1.1.9, still installed";
    const move = moveTo(target("v1.0.0"), from("v1.1.10", "v1.1.9"), catalogue);
    assert.deepEqual(move, { kind: "refused", why: "Downgrade", fix });
  });

  test("of another major version is out of reach", () => {
    const far: Catalogue = [entry("v2.0.0"), entry("v1.1.0")];
    assert.equal(moveTo(far[0], from("v1.1.0"), far).kind, "refused");
    assert.equal(moveTo(entry("v1.1.0"), from("v2.0.0"), far).kind, "refused");
  });

  test("gets to every newer version by what it is told, each step within reach of the one before", () => {
    const part = fc.integer({ min: 0, max: 4 });
    const versions = fc.uniqueArray(
      fc.tuple(part, part).map(([minor, patch]) => `v1.${minor}.${patch}`),
      {
        minLength: 2,
        maxLength: 12,
      },
    );
    const check = fc.property(versions, (unsorted) => {
      const [first = "", ...rest] = unsorted.toSorted((a, b) => compare(b, a));
      const known: Catalogue = [entry(first), ...rest.map((version) => entry(version))];
      const start = rest.at(-1) ?? first;
      const move = moveTo(known[0], from(start), known);
      if (move.kind !== "refused") return;
      const [, path] = move.fix.split("at a time: ");
      if (path === undefined) return assert.match(move.fix, /knows no version between/);
      let current = start;
      for (const version of path.split(", then ")) {
        assert.ok(isWithinReach(entry(version), current), `${current} to ${version}`);
        assert.ok(known.some((each) => each.version === version));
        current = version;
      }
      assert.equal(current, first);
    });
    fc.assert(check);
  });
});

describe("a version", () => {
  test("is at its end of life from the day on that the catalogue names", () => {
    const old = entry("v1.0.0", { endOfLife: "2030-05-31" });
    assert.equal(isEndOfLife(old, new Date("2030-05-30T23:59:59Z")), false);
    assert.equal(isEndOfLife(old, new Date("2030-05-31T00:00:00Z")), true);
    assert.equal(isEndOfLife(entry("v1.1.0"), new Date("2099-01-01")), false);
  });

  test("runs on the Kubernetes of its range, whatever a provider puts behind the number", () => {
    const ranged = entry("v1.0.0", { kubernetes: { range: ">=1.30.0 <1.35.0", tested: [] } });
    assert.equal(runsOn(ranged, "1.34.1-gke.100"), true);
    assert.equal(runsOn(ranged, "1.30.0-eks-1"), true);
    assert.equal(runsOn(ranged, "1.29.9"), false);
    assert.equal(runsOn(ranged, "1.35.0"), false);
  });
});
