import { peerAuthenticationSpec, peerAuthenticationStatus } from "./peer-authentication.ts";

const group = "security.istio.io";

const schema = {
  type: "object",
  description: "PeerAuthentication says whether pods accept mutual TLS only, or plaintext too.",
  properties: {
    apiVersion: { type: "string", description: "Version of this API." },
    kind: { type: "string", description: "PeerAuthentication." },
    metadata: { type: "object" },
    spec: peerAuthenticationSpec.node,
    status: peerAuthenticationStatus.node,
  },
} as const;

/** Columns of `kubectl get peerauthentications`. */
const printerColumns = [
  { name: "Mode", type: "string", jsonPath: ".spec.mtls.mode", description: "What the pods accept." },
  { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp", description: "Since when it exists." },
] as const;

function version(name: string, storage: boolean) {
  return {
    name,
    served: true,
    storage,
    schema: { openAPIV3Schema: schema },
    subresources: { status: {} },
    additionalPrinterColumns: printerColumns,
  };
}

/** The CustomResourceDefinition of PeerAuthentication, as users of Istio know it, ready to be written as YAML. */
export const peerAuthenticationDefinition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `peerauthentications.${group}`, labels: { "app.kubernetes.io/part-of": "meshwright" } },
  spec: {
    group,
    scope: "Namespaced",
    names: {
      kind: "PeerAuthentication",
      listKind: "PeerAuthenticationList",
      plural: "peerauthentications",
      singular: "peerauthentication",
      shortNames: ["pa"],
      categories: ["istio-io", "security-istio-io"],
    },
    versions: [version("v1", true), version("v1beta1", false)],
  },
} as const;
