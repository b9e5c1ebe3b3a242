import { packAny } from "@meshwright/xds-api/any";
import { ClusterSchema } from "@meshwright/xds-api/gen/envoy/config/cluster/v3/cluster_pb";
import { SecretSchema } from "@meshwright/xds-api/gen/envoy/extensions/transport_sockets/tls/v3/secret_pb";
import { type TypeUrl, typeUrls } from "@meshwright/xds-api/type-urls";
import { unlimited } from "../../serve/batch.ts";
import type { Connected } from "../../serve/proxy-table.ts";
import { type DeltaRequest, Session } from "../../serve/session.ts";
import { Shared } from "../../serve/shared.ts";
import { viewOf } from "../../serve/testdata/one-view.ts";
import type { ObjectReference } from "../../serve/view.ts";

const service = { apiVersion: "v1", kind: "Service", namespace: "shop", name: "web" };

/** Two clusters and the trust bundle; the clusters are made of a Service. */
function view(origins: readonly ObjectReference[]) {
  const clusters = { good: packAny(ClusterSchema, { name: "good" }), bad: packAny(ClusterSchema, { name: "bad" }) };
  const trustBundle = packAny(SecretSchema, {
    name: "ROOTCA",
    type: { case: "validationContext", value: { trustedCa: { specifier: { case: "inlineString", value: "PEM" } } } },
  });
  const made = viewOf(clusters, { ROOTCA: trustBundle });
  return new Map(
    [...made].map(([type, resources]) => [
      type,
      new Map([...resources].map(([name, resource]) => [name, { ...resource, origins }])),
    ]),
  );
}

/** A proxy that has connected and asked for nothing yet; `ask` sends what Envoy would send. */
export function connectProxy(pod: string, namespace: string, origins: readonly ObjectReference[] = [service]) {
  const shown = view(origins);
  const session = new Session(shown, new Shared());
  const waitingMs = new Map<TypeUrl, number>();
  const connected: Connected = {
    node: {
      id: `sidecar~198.18.128.5~${pod}.${namespace}~${namespace}.svc.cluster.local`,
      cluster: pod,
      envoyVersion: "1.40.0",
      traits: { ipStack: "dual", capturesDns: false },
    },
    peer: { trustDomain: "cluster.local", namespace, serviceAccount: "web" },
    certificate: { serialNumber: "0A", issuer: "O=cluster.local", notAfter: new Date("2030-01-02T00:00:00Z") },
    connectedSince: new Date("2030-01-01T00:00:00Z"),
    subscriptions: session.subscriptions,
    unansweredMs: (type) => waitingMs.get(type) ?? 0,
    view: () => shown,
  };
  /** Sends a request and takes what is due; the answer to that has then been waiting for a while. */
  const ask = (request: Partial<DeltaRequest> & Pick<DeltaRequest, "type">, thenMs = 0): void => {
    waitingMs.delete(request.type);
    session.request({ nonce: "", error: undefined, subscribe: [], unsubscribe: [], initialVersions: {}, ...request });
    for (let next = session.next(unlimited); next.kind === "response"; next = session.next(unlimited))
      waitingMs.set(next.response.type, thenMs);
  };
  return { connected, ask };
}

interface Rejecting {
  readonly origins: readonly ObjectReference[];
  /** Names the resource. */
  readonly message: string;
}

/** One that acknowledged the trust bundle and all clusters but one. */
export function connectRejecting(
  pod: string,
  namespace: string,
  { origins = [service], message = "bad: not a cluster" }: Partial<Rejecting> = {},
): Connected {
  const { connected, ask } = connectProxy(pod, namespace, origins);
  ask({ type: typeUrls.secret, subscribe: ["ROOTCA"] });
  ask({ type: typeUrls.secret, nonce: "1" });
  ask({ type: typeUrls.cluster });
  ask({ type: typeUrls.cluster, nonce: "2", error: message });
  ask({ type: typeUrls.cluster, nonce: "3" });
  ask({ type: typeUrls.cluster, nonce: "4", error: message });
  return connected;
}
