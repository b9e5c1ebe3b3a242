import { type peerFields, workloadVariables } from "@meshwright/contract/sidecar-metrics";
import { clusterId, unknownValue } from "@meshwright/contract/workload-labels";
import { unreachable } from "../../model/unreachable.ts";
import { destinationField, endpointField } from "./metadata.ts";
import { environment, orUnknown, remembered, valueOf } from "./operators.ts";
import { calledService, claim, peerNamespace } from "./peer.ts";

/** Which end of a request counts it, and what that end knows of the other. */
export type Reporter =
  | { readonly kind: "source" }
  | {
      readonly kind: "destination";
      /** Whether clients have proven by mesh mTLS who they are. */
      readonly client: "proven" | "anybody";
      readonly traffic: "http" | "tcp";
      /** Stands for the Service's name where the client called none. */
      readonly fallback: string;
    };

/** Labels by name, with Envoy's format of their values. */
export type Labels = Readonly<Record<string, string>>;

/**
 * The labels that every metric has.
 * Source: https://istio.io/latest/docs/reference/config/metrics/#labels
 */
export function commonLabels(reporter: Reporter): Labels {
  switch (reporter.kind) {
    case "source":
      return sourceLabels;
    case "destination":
      return { ...destinationLabels(reporter), ...serverLabels(reporter) };
    default:
      return unreachable(reporter);
  }
}

/** The injector sets every variable; a sidecar that it made in an earlier version says "-". */
const own = {
  workload: valueOf(environment(workloadVariables.workload)),
  workload_namespace: valueOf(environment(workloadVariables.namespace)),
  app: valueOf(environment(workloadVariables.app)),
  version: valueOf(environment(workloadVariables.version)),
  canonical_service: valueOf(environment(workloadVariables.canonicalService)),
  canonical_revision: valueOf(environment(workloadVariables.canonicalRevision)),
};

/** Seen from the client: itself by its environment, the server by what the control plane says of the endpoint. */
const sourceLabels: Labels = {
  reporter: "source",
  ...prefixed("source", own),
  source_principal: orUnknown({ command: "UPSTREAM_LOCAL_URI_SAN" }),
  source_cluster: clusterId,
  destination_workload: orUnknown(endpointField("workload")),
  destination_workload_namespace: orUnknown(endpointField("namespace")),
  destination_principal: orUnknown({ command: "UPSTREAM_PEER_URI_SAN" }),
  destination_app: orUnknown(endpointField("app")),
  destination_version: orUnknown(endpointField("version")),
  destination_canonical_service: orUnknown(endpointField("canonicalService")),
  destination_canonical_revision: orUnknown(endpointField("canonicalRevision")),
  destination_service: orUnknown(destinationField("host")),
  destination_service_name: orUnknown(destinationField("name")),
  destination_service_namespace: orUnknown(destinationField("namespace")),
  destination_cluster: orUnknown(destinationField("cluster")),
  response_flags: valueOf({ command: "RESPONSE_FLAGS" }),
  // As in Istio: only the server knows how a request came in.
  connection_security_policy: unknownValue,
};

type Server = Extract<Reporter, { kind: "destination" }>;

/** Seen from the server: itself by its environment, and which Service the client meant by the name that it connected to. */
function destinationLabels({ client, fallback }: Server): Labels {
  const isProven = client === "proven";
  return {
    reporter: "destination",
    ...prefixed("destination", own),
    destination_principal: isProven ? valueOf({ command: "DOWNSTREAM_LOCAL_URI_SAN" }) : unknownValue,
    destination_cluster: clusterId,
    destination_service: isProven ? valueOf(remembered(calledService.host)) : unknownValue,
    destination_service_name: isProven ? valueOf(remembered(calledService.name)) : fallback,
    // Services have their pods in their own namespace.
    destination_service_namespace: own.workload_namespace,
  };
}

function serverLabels({ client, traffic }: Server): Labels {
  const isProven = client === "proven";
  const says = (field: keyof typeof peerFields): string =>
    isProven && traffic === "http" ? orUnknown(claim(field)) : unknownValue;
  return {
    source_workload: says("workload"),
    source_workload_namespace: isProven ? valueOf(remembered(peerNamespace)) : unknownValue,
    source_principal: isProven ? valueOf({ command: "DOWNSTREAM_PEER_URI_SAN" }) : unknownValue,
    source_app: says("app"),
    source_version: says("version"),
    source_canonical_service: says("canonicalService"),
    source_canonical_revision: says("canonicalRevision"),
    source_cluster: says("cluster"),
    response_flags: valueOf({ command: "RESPONSE_FLAGS" }),
    connection_security_policy: isProven ? "mutual_tls" : "none",
  };
}

function prefixed(end: "source" | "destination", labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [`${end}_${name}`, value]));
}
