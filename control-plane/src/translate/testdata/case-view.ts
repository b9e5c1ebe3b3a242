import type { WorkloadIdentity } from "@meshwright/contract/identity";
import { type KubeObject, keyOf } from "@meshwright/kube/types";
import type { Accepted, ProxyNode } from "../../serve/view.ts";
import { Snapshot } from "../../snapshot/snapshot.ts";
import { readEndpointSlice } from "../../watch/read-endpoint-slice.ts";
import { readPeerAuthentication } from "../../watch/read-peer-authentication.ts";
import { readService } from "../../watch/read-service.ts";
import { readWorkload } from "../../watch/read-workload.ts";
import type { TranslationCase } from "./read-case.ts";

const rootNamespace = "mesh-system";

/**
 * Runs a case through the readers and a real snapshot, up to the view of its proxy.
 *
 * @param trustBundle PEM of the roots
 */
export function caseView(input: TranslationCase, trustBundle: string): Accepted {
  const snapshot = new Snapshot();
  for (const object of input.objects) take(snapshot, object);
  snapshot.start({ settings: input.settings, trustBundle });
  snapshot.stop();
  const connected = snapshot.connect(nodeOf(input), peerOf(input));
  if (connected.kind === "refused") throw new Error(connected.message);
  return connected;
}

function take(snapshot: Snapshot, object: KubeObject): void {
  switch (object.kind) {
    case "Service":
      return snapshot.setService(keyOf(object), readService(object));
    case "EndpointSlice":
      return snapshot.setEndpointSlice(keyOf(object), readEndpointSlice(object));
    case "Pod":
      return snapshot.setWorkload(keyOf(object), readWorkload(object));
    case "PeerAuthentication":
      return snapshot.setPeerAuthentication(keyOf(object), readPeerAuthentication(object, rootNamespace));
    default:
      throw new Error(
        `cannot read ${object.kind} "${keyOf(object)}": a case holds Services, EndpointSlices, Pods and PeerAuthentications`,
      );
  }
}

function nodeOf({ proxy, traits }: TranslationCase): ProxyNode {
  const [namespace = "", pod = ""] = proxy.split("/");
  const id = `sidecar~198.18.128.2~${pod}.${namespace}~${namespace}.svc.cluster.local`;
  return { id, cluster: "", envoyVersion: "", traits };
}

function peerOf({ proxy, objects, settings }: TranslationCase): WorkloadIdentity {
  const pod = objects.find((object) => object.kind === "Pod" && keyOf(object) === proxy);
  const workload = pod && readWorkload(pod);
  if (workload === undefined) throw new Error(`cannot serve Pod "${proxy}": the case does not hold it`);
  const { namespace, serviceAccount } = workload;
  return { trustDomain: settings.trustDomain, namespace, serviceAccount };
}
