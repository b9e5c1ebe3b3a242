import type { PeerAuthentication, PolicyMode } from "../../model/peer-authentication.ts";
import { type Endpoint, jsonArray, scopeOf } from "./endpoint.ts";

/** The mesh's own configuration, in the form of the Kubernetes objects that it was read from. */
export const configz: Endpoint = {
  path: "/debug/configz",
  help: "mesh configuration that has an effect, as Kubernetes objects (?namespace=)",
  answer: (query, access, { registry }) => {
    const scope = scopeOf(query, access);
    if (scope.kind === "refused") return scope;
    return jsonArray(registry.policies(scope.namespace).map(({ namespace, policy }) => describe(namespace, policy)));
  },
};

const modes: Readonly<Record<PolicyMode, string>> = {
  inherit: "UNSET",
  disabled: "DISABLE",
  permissive: "PERMISSIVE",
  strict: "STRICT",
};

function describe(namespace: string, policy: PeerAuthentication): object {
  const { name, createdAt, scope, mode } = policy;
  const mtls = (of: PolicyMode): object => ({ mode: modes[of] });
  const portModes = scope.kind === "workload" ? [...scope.portModes] : [];
  return {
    apiVersion: "security.istio.io/v1",
    kind: "PeerAuthentication",
    metadata: { namespace, name, creationTimestamp: createdAt },
    spec: {
      ...(scope.kind === "workload" ? { selector: { matchLabels: scope.labels } } : {}),
      mtls: mtls(mode),
      ...(portModes.length > 0
        ? { portLevelMtls: Object.fromEntries(portModes.map(([port, of]) => [port, mtls(of)])) }
        : {}),
    },
  };
}
