/**
 * Which traffic of a pod goes through its sidecar, as the volume attribute `capture` says it. The fields mirror
 * Istio's annotations `traffic.sidecar.istio.io/*`; an absent field means what the absent annotation means, and an empty
 * list is not the same as an absent one.
 * Source: https://istio.io/latest/docs/reference/config/annotations/
 */
export interface CaptureAttribute {
  /** Only these destinations, as `198.18.0.0/15`, `198.18.0.1` or IPv6; absent: all of them (`*`). */
  readonly includeOutboundIPRanges?: readonly string[];
  readonly excludeOutboundIPRanges?: readonly string[];
  /** Also these destination ports, whatever the address. */
  readonly includeOutboundPorts?: readonly number[];
  readonly excludeOutboundPorts?: readonly number[];
  /** Only these ports of the pod; absent: all of them (`*`). */
  readonly includeInboundPorts?: readonly number[];
  /** Has no effect beside includeInboundPorts, as in Istio. */
  readonly excludeInboundPorts?: readonly number[];
  /** Whether the sidecar answers the mesh's own names; absent: no. All other fields are about TCP. */
  readonly dns?: boolean;
}

/** A longer list in any field of a CaptureAttribute is refused. */
export const maxCaptureEntries = 64;
