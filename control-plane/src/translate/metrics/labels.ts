import { type endsParts, fieldSeparator, type innerLabels, partSeparator } from "@meshwright/contract/sidecar-metrics";
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

type Ends = Readonly<Record<(typeof endsParts)[number], string>>;

/** Of what nobody can know. */
const nothing = "-";

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
        ...destinationLabels(reporter),
        ...flags,
        connection_security_policy: reporter.client === "proven" ? "mutual_tls" : "none",
      };
    default:
      return unreachable(reporter);
  }
}

const sourceLabels: InnerLabels = {
  reporter: "source",
  ends: joined({
    workload: endpointWorkload,
    service: clusterService,
    source_principal: valueOf("UPSTREAM_LOCAL_URI_SAN"),
    destination_principal: valueOf("UPSTREAM_PEER_URI_SAN"),
  }),
};

function destinationLabels(server: Server): InnerLabels {
  return { reporter: "destination", ends: joined(server.client === "proven" ? provenEnds(server) : anybody(server)) };
}

function provenEnds({ traffic }: Server): Ends {
  return {
    workload: traffic === "http" ? introduction : nothing,
    service: rememberedPeer,
    source_principal: valueOf("DOWNSTREAM_PEER_URI_SAN"),
    destination_principal: valueOf("DOWNSTREAM_LOCAL_URI_SAN"),
  };
}

/** Who has proven nothing is nobody, whatever he says. */
function anybody({ fallback }: Server): Ends {
  const service = [unknownValue, unknownValue, fallback].join(fieldSeparator);
  return { workload: nothing, service, source_principal: nothing, destination_principal: nothing };
}

function joined({ workload, service, source_principal, destination_principal }: Ends): string {
  return [workload, service, source_principal, destination_principal].join(partSeparator);
}
