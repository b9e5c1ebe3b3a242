/** Returns the upper median; NaN of nothing. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Rounds to three significant digits: the runs do not agree on more. */
export function round(value: number): number {
  return Number(value.toPrecision(3));
}
