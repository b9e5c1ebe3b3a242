import assert from "node:assert/strict";
import { test } from "node:test";
import { integer, object } from "@meshwright/operator/api/schema/build";
import { readProfile } from "./profiles.ts";

const words = { description: "A field." };
const { node } = object({ size: object({ count: integer({ ...words, default: 1 }) }, words) }, words);

test("a profile sets what a MeshInstall has", () => {
  assert.deepEqual(readProfile("ha", { size: { count: 3 } }, node), { size: { count: 3 } });
  assert.deepEqual(readProfile("default", null, node), {});
});

test("a profile that sets anything else is refused by name", () => {
  const faults = { "size.cuont": { size: { cuont: 3 } }, sizes: { sizes: {} }, size: { size: 3 } };
  for (const [field, profile] of Object.entries(faults))
    assert.throws(() => readProfile("ha", profile, node), {
      message: `cannot use profile "ha": no MeshInstall has a field "${field}"`,
    });
});
