import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { kinds } from "@meshwright/operator/api/definitions";
import { versions } from "@meshwright/operator/api/gen/versions";
import { reasonUses } from "./reasons.ts";
import { reference } from "./reference.ts";

describe("the reference of our kinds", () => {
  const lines = reference(kinds, versions).split("\n");
  const has = (line: string): void => assert.ok(lines.includes(line), `no line is "${line}"`);

  test("has a section for the spec, for each object in it, and for the status", () => {
    for (const title of [
      "## MeshInstall",
      "### `spec`",
      "#### `spec.controlPlane`",
      "#### `spec.mesh`",
      "### `status`",
      "## MeshRevision",
    ])
      has(title);
  });

  test("tells of a field its type, default, constraints and meaning", () => {
    has(
      '| `mtls` | string | `"Permissive"` | one of `Strict`, `Permissive` | Strict: meshed pods accept mutual TLS only. Permissive: they accept plaintext too. |',
    );
  });

  test("tells which fields are immutable", () => {
    const immutable = lines.filter((line) => line.includes("**immutable**")).map((line) => line.split("`")[1]);
    assert.deepEqual(immutable, ["namespace", "trustDomain", "namespace", "trustDomain"]);
  });

  test("shows the columns and the versions", () => {
    has("| Phase | The conditions in one word. | `.status.phase` |");
    for (const { version } of versions) assert.ok(lines.some((line) => line.startsWith(`| \`${version}\` |`)));
  });
});

describe("the reasons", () => {
  const uses = new Map(reasonUses().map((use) => [use.reason, use.uses]));

  test("are shown with each condition and status in which the operator uses them", () => {
    assert.deepEqual(uses.get("ProxiesRemain"), [
      "Ready=False",
      "Reconciled=False",
      "Stalled=True",
      "Upgradeable=False",
    ]);
    assert.deepEqual(uses.get("ControlPlaneNotReady"), ["Ready=False", "Reconciling=True", "Upgradeable=False"]);
    assert.deepEqual(uses.get("ApplyFailed"), ["Ready=False", "Reconciled=False", "Stalled=True", "Upgradeable=False"]);
  });

  test("are all used, but for the one that is an Event only", () => {
    const unused = [...uses].filter(([, where]) => where.length === 0).map(([reason]) => reason);
    assert.deepEqual(unused, ["Uninstalled"]);
  });
});
