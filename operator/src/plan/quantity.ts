const suffixes: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const pattern = /^([+-]?\d*\.?\d*(?:[eE][+-]?\d+)?)(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]?)$/;

/**
 * Number of a Kubernetes quantity; NaN when it is none.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function quantityValue(text: string): number {
  const [, digits, suffix] = pattern.exec(text) ?? [];
  if (digits === undefined || suffix === undefined || !/\d/.test(digits)) return Number.NaN;
  return Number(digits) * (suffixes[suffix] ?? Number.NaN);
}

/** Whether two values are the same quantity, however written. */
export function sameQuantity(a: unknown, b: unknown): boolean {
  if (typeof a !== "string" || typeof b !== "string") return false;
  const [x, y] = [quantityValue(a), quantityValue(b)];
  return Math.abs(x - y) <= 1e-9 * Math.abs(x);
}
