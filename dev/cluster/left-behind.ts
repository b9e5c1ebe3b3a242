import type { MachineState } from "./machine-state.ts";

/**
 * Returns what a machine has that it did not have before. What is gone is not the cluster's doing: other programs end
 * while it comes and goes.
 */
export function leftBehind(before: MachineState, after: MachineState): MachineState {
  const added = Object.entries(after).map(([kind, lines]) => [kind, without(lines, before[kind] ?? [])] as const);
  return Object.fromEntries(added.filter(([, lines]) => lines.length > 0));
}

/** Takes from the lines each of the others once: a line that stands twice was there once before. */
function without(lines: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...lines];
  for (const other of others) {
    const index = left.indexOf(other);
    if (index >= 0) left.splice(index, 1);
  }
  return left;
}
