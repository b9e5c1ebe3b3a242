import { spiffeId } from "@meshwright/contract/identity";
import type { ControlPlane } from "./control-plane.ts";
import { openStream } from "./open-stream.ts";
import { requestCertificate } from "./request-certificate.ts";
import { readWorkload, type Workload } from "./workload.ts";

/** What an attempt works with: the control plane, and a pod whose token it holds. */
interface Attacker {
  readonly controlPlane: ControlPlane;
  readonly workload: Workload;
  readonly selector: string;
}

/** Tries something and says in one line what it got; rejects when it is refused. */
export type Attempt = (attacker: Attacker) => Promise<string>;

/** The attempts by name. Those that must succeed prove that the others are not refused for a reason of ours. */
export const attempts: Readonly<Record<string, Attempt>> = {
  "csr-honest": ({ controlPlane, workload }) => certificate(controlPlane, workload.token),
  "csr-without-token": ({ controlPlane }) => certificate(controlPlane, undefined),
  "csr-with-token-for-another-audience": async ({ controlPlane, workload, selector }) => {
    const other = await readWorkload(workload.identity.namespace, selector, "somebody-else");
    return certificate(controlPlane, other.token);
  },
  "csr-with-foreign-name": ({ controlPlane, workload }) => {
    const uri = spiffeId({ ...workload.identity, namespace: "kube-system", serviceAccount: "admin" });
    return certificate(controlPlane, workload.token, { uris: [uri] });
  },
  "csr-for-a-ca": ({ controlPlane, workload }) => certificate(controlPlane, workload.token, { isCa: true }),
  "ads-honest": ({ controlPlane, workload }) => stream(controlPlane, workload, workload.identity.namespace),
  "ads-with-foreign-node": ({ controlPlane, workload }) => stream(controlPlane, workload, "kube-system"),
  "ads-without-certificate": async ({ controlPlane, workload }) => {
    const clusters = await openStream(controlPlane, nodeId(workload, workload.identity.namespace), undefined);
    return `got ${clusters} clusters`;
  },
};

async function certificate(...request: Parameters<typeof requestCertificate>): Promise<string> {
  await requestCertificate(...request);
  return "got a certificate";
}

async function stream(controlPlane: ControlPlane, workload: Workload, namespace: string): Promise<string> {
  const identity = await requestCertificate(controlPlane, workload.token);
  return `got ${await openStream(controlPlane, nodeId(workload, namespace), identity)} clusters`;
}

function nodeId({ ip, name }: Workload, namespace: string): string {
  return `sidecar~${ip}~${name}.${namespace}~${namespace}.svc.cluster.local`;
}
