import assert from "node:assert/strict";
import { test } from "node:test";
import { leftBehind } from "./left-behind.ts";

const state = { links: ["eth0", "lo"], processes: ["containerd-shim", "containerd-shim"] };

test("a machine that is as it was has nothing left behind", () => {
  assert.deepEqual(leftBehind(state, state), {});
});

test("what is new is left behind, also a second one of what was there", () => {
  const after = { links: ["eth0", "lo", "mw-machine"], processes: [...state.processes, "containerd-shim"] };
  assert.deepEqual(leftBehind(state, after), { links: ["mw-machine"], processes: ["containerd-shim"] });
});

test("what another program took away meanwhile is not left behind", () => {
  assert.deepEqual(leftBehind(state, { links: ["lo"], processes: [] }), {});
});

test("a setting that was changed is left behind", () => {
  const before = { settings: ["net.ipv6.conf.all.forwarding = 0"] };
  const after = { settings: ["net.ipv6.conf.all.forwarding = 1"] };
  assert.deepEqual(leftBehind(before, after), after);
});
