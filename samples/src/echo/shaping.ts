/** How a caller wants to be answered, by the query of its request. */
export interface Shaping {
  readonly status: number;
  readonly delayMs: number;
  /** Length of the padding in the body. */
  readonly bytes: number;
}

export type ReadShaping =
  | { readonly kind: "shaping"; readonly shaping: Shaping }
  | { readonly kind: "wrong"; readonly message: string };

const limits = {
  status: { min: 200, max: 599, unset: 200 },
  delayMs: { min: 0, max: 600_000, unset: 0 },
  bytes: { min: 0, max: 10 * 1024 * 1024, unset: 0 },
} as const;

/** Reads `?status=503&delayMs=50&bytes=1024`; other parameters are the caller's own. */
export function readShaping(query: URLSearchParams): ReadShaping {
  const wrong: string[] = [];
  const read = (name: keyof typeof limits): number => {
    const { min, max, unset } = limits[name];
    const text = query.get(name);
    const value = text === null ? unset : Number(text);
    if (!Number.isInteger(value) || value < min || value > max)
      wrong.push(`${name} is "${text}": give a whole number from ${min} to ${max}`);
    return value;
  };
  const shaping = { status: read("status"), delayMs: read("delayMs"), bytes: read("bytes") };
  return wrong.length === 0 ? { kind: "shaping", shaping } : { kind: "wrong", message: wrong.join("; ") };
}
