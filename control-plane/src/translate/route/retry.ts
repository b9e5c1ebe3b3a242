import { create } from "@bufbuild/protobuf";
import { packAny } from "@meshwright/xds-api/any";
import { type RetryPolicy, RetryPolicySchema } from "@meshwright/xds-api/gen/envoy/config/route/v3/route_components_pb";
import { PreviousHostsPredicateSchema } from "@meshwright/xds-api/gen/envoy/extensions/retry/host/previous_hosts/v3/previous_hosts_pb";

const previousHosts = { case: "typedConfig", value: packAny(PreviousHostsPredicateSchema, {}) } as const;

/**
 * Istio's default between two sidecars: what never reached the application is tried again, and so is a 503.
 * `reset-before-request` is ours: the server closed the connection before it saw the request.
 * Source: https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRetry
 */
export function outboundRetries(): RetryPolicy {
  return create(RetryPolicySchema, {
    retryOn: "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes,reset-before-request",
    retriableStatusCodes: [503],
    numRetries: 2,
    // A second attempt at the replica that failed the first would often fail too.
    retryHostPredicate: [{ name: "envoy.retry_host_predicates.previous_hosts", configType: previousHosts }],
    hostSelectionRetryMaxAttempts: 5n,
  });
}

/** Between a sidecar and its own application: only what the application did not see, as it closes an idle connection. */
export function inboundRetries(): RetryPolicy {
  return create(RetryPolicySchema, { retryOn: "reset-before-request", numRetries: 2 });
}
