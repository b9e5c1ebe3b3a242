import type { JsonObject } from "@bufbuild/protobuf";
import type { TypeUrl } from "@meshwright/xds-api/type-urls";

// What the benchmark and the process of its clients say to each other: one message per line, as JSON. Times are those of
// `monotonicMs`.

/** Where a control plane serves delta ADS over TLS. */
export interface Target {
  readonly port: number;
  /** The name that its certificate must carry. */
  readonly serverName: string;
  /** PEM. */
  readonly roots: string;
  /** Secrets that Envoy fetches over ADS as soon as it has clusters. */
  readonly secrets: readonly string[];
}

/** A proxy as the control plane gets to know it. */
export interface ProxySpec {
  readonly nodeId: string;
  readonly cluster: string;
  readonly metadata: JsonObject;
  /** PEM, the leaf first. */
  readonly certificate: string;
  /** PEM. */
  readonly privateKey: string;
}

/** The least that a proxy must have before it counts as configured: a first response may be less than everything. */
export interface Expected {
  readonly clusters: number;
  readonly listeners: number;
}

/** A resource that shows a change. */
export interface Sign {
  readonly type: TypeUrl;
  /** DNS name of the Service that it is of: stands in it, and at the end of its name if that has a `|`. */
  readonly host: string;
  /** An address that it has. */
  readonly has?: string;
  /** An address that it does not have. */
  readonly lacks?: string;
}

export type Command =
  | {
      readonly kind: "connect";
      readonly target: Target;
      /** What every Envoy says of itself: an encoded `envoy.config.core.v3.Node` in base64. */
      readonly node: string;
      readonly proxies: readonly ProxySpec[];
      readonly expected: Expected;
    }
  /** Looks out for a change, of which a proxy knows when it has seen each of the signs. */
  | { readonly kind: "watch"; readonly id: number; readonly signs: readonly Sign[] }
  /** Tells what was seen of a change, although not every proxy has seen it. */
  | { readonly kind: "giveUp"; readonly id: number }
  | { readonly kind: "count" };

/** What all clients received since they began. */
export interface Counts {
  /** gRPC messages with their framing; without HTTP/2's and TLS's. */
  readonly bytes: number;
  readonly responses: number;
  readonly resources: number;
  /** Streams that were refused or broke, and were opened again. */
  readonly retries: number;
  /** Why the latest of them was; empty: there was none. */
  readonly lastRetry: string;
}

export type Report =
  /** Every proxy has everything; when each had. */
  | { readonly kind: "configured"; readonly beganMs: number; readonly atMs: readonly number[] }
  | { readonly kind: "watching"; readonly id: number }
  /** When each proxy had seen a change; null: it has not. */
  | { readonly kind: "seen"; readonly id: number; readonly atMs: readonly (number | null)[] }
  | { readonly kind: "counted"; readonly counts: Counts }
  /** What nobody can measure with: the process ends. */
  | { readonly kind: "failed"; readonly message: string };
