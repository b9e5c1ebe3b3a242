/** A workload as the table names it: `namespace/name`. */
export interface Workload {
  readonly namespace: string;
  readonly name: string;
}

/** Protocols by the names that the samples' `call` knows. */
export type Protocol = "http" | "h2" | "grpc" | "ws" | "tcp";

/** What must come of a call. */
export type Expectation =
  /** Served, and the server saw that caller. */
  | { readonly kind: "served"; readonly peer: string }
  /** Cut off before an application answered. */
  | { readonly kind: "refused" };

/** One call that the demo makes. */
export interface Call {
  readonly from: Workload;
  readonly to: Workload;
  readonly port: number;
  readonly protocol: Protocol;
  readonly expected: Expectation;
}

/** What came of a call. */
export type Answer =
  | { readonly kind: "served"; readonly status: string; readonly peer: string }
  | { readonly kind: "failed"; readonly error: string };

export function workloadName({ namespace, name }: Workload): string {
  return `${namespace}/${name}`;
}
