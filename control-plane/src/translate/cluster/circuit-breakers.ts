import { create } from "@bufbuild/protobuf";
import {
  type CircuitBreakers,
  CircuitBreakersSchema,
} from "@meshwright/xds-api/gen/envoy/config/cluster/v3/circuit_breaker_pb";

const maxUint32 = 2 ** 32 - 1;

/** Istio's default: no limit until a DestinationRule sets one. Envoy's own (1024) would fail busy Services silently. */
export function unlimited(): CircuitBreakers {
  return create(CircuitBreakersSchema, {
    thresholds: [
      {
        maxConnections: maxUint32,
        maxPendingRequests: maxUint32,
        maxRequests: maxUint32,
        maxRetries: maxUint32,
      },
    ],
  });
}
