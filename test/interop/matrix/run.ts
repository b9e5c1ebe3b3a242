import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Bed, startBed } from "../bed/bed.ts";
import type { BedSettings } from "../bed/control-plane.ts";
import { type Observation, observe } from "./observe.ts";
import { byPort, disabled } from "./policies.ts";
import { type Mode, type Row, rowName } from "./row.ts";
import { rows } from "./rows/rows.ts";

const settings: Readonly<Record<Mode, BedSettings>> = {
  permissive: { mesh: { mtls: "Permissive" } },
  strict: { mesh: { mtls: "Strict" } },
  disabled: { mesh: { mtls: "Strict" }, peerAuthentications: [disabled] },
  "by port": { mesh: { mtls: "Strict" }, peerAuthentications: [byPort] },
  "registry only": { mesh: { outboundTrafficPolicy: "RegistryOnly" } },
};

/** Registers a test for every row of a mode; they share one bed and run side by side. */
export function runMode(mode: Mode): void {
  describe(mode, { concurrency: 12 }, () => {
    let bed: Bed;
    before(async () => {
      bed = await startBed(settings[mode]);
    });
    after(() => bed[Symbol.asyncDispose]());
    for (const row of rows.filter((candidate) => candidate.mode === mode)) testRow(row, () => bed);
  });
}

function testRow(row: Row, bed: () => Bed): void {
  const { expect } = row;
  const skip = expect.kind === "skip" ? expect.reason : false;
  test(rowName(row), { skip }, async () => {
    const observed: Observation = await observe(bed(), row);
    const { detail = "", ...seen } = observed;
    assert.deepEqual(seen, expect, detail);
  });
}
