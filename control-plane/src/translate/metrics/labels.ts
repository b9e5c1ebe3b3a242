import { fieldSeparator, type innerLabels } from "@meshwright/contract/sidecar-metrics";
import { unknownValue } from "@meshwright/contract/workload-labels";
import { unreachable } from "../../model/unreachable.ts";
import { clusterService, endpointWorkload } from "./metadata.ts";
import { valueOf } from "./operators.ts";
import { introduction, rememberedPeer } from "./peer.ts";

/** Which end of a request counts it, and what that end knows of the other. */
export type Reporter = { readonly kind: "source" } | Server;

/** The server's sidecar. */
export interface Server {
  readonly kind: "destination";
  /** Whether clients have proven by mesh mTLS who they are. */
  readonly client: "proven" | "anybody";
  readonly traffic: "http" | "tcp";
  /** Stands for the Service's name where the client called none. */
  readonly fallback: string;
}

/** Labels by name, in their order, with Envoy's format of their values. */
export type Labels = Readonly<Record<string, string>>;

type InnerLabels = Readonly<Record<(typeof innerLabels)[number], string>>;

/** Nothing is known. */
const nothing = fieldSeparator;

/**
 * The labels that every metric has, as they stand inside of Envoy: the sidecar adds those of its own workload and writes out
 * the others when it is asked (lib/contract, sidecar-metrics.ts).
 */
export function commonLabels(reporter: Reporter): Labels {
  const flags = { response_flags: valueOf("RESPONSE_FLAGS") };
  switch (reporter.kind) {
    case "source":
      return { ...sourceLabels, ...flags };
    case "destination":
      return {
        ...(reporter.client === "proven" ? provenLabels(reporter) : anybodysLabels(reporter)),
        ...flags,
        connection_security_policy: reporter.client === "proven" ? "mutual_tls" : "none",
      };
    default:
      return unreachable(reporter);
  }
}

const sourceLabels: InnerLabels = {
  reporter: "source",
  remote: endpointWorkload,
  service: clusterService,
  source_principal: valueOf("UPSTREAM_LOCAL_URI_SAN"),
  destination_principal: valueOf("UPSTREAM_PEER_URI_SAN"),
};

function provenLabels({ traffic }: Server): InnerLabels {
  return {
    reporter: "destination",
    remote: traffic === "http" ? introduction : nothing,
    service: rememberedPeer,
    source_principal: valueOf("DOWNSTREAM_PEER_URI_SAN"),
    destination_principal: valueOf("DOWNSTREAM_LOCAL_URI_SAN"),
  };
}

/** Who has proven nothing is nobody, whatever he says. */
function anybodysLabels({ fallback }: Server): InnerLabels {
  return {
    reporter: "destination",
    remote: nothing,
    service: [unknownValue, unknownValue, fallback].join(fieldSeparator),
    source_principal: unknownValue,
    destination_principal: unknownValue,
  };
}
