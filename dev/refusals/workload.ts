import { tokenAudience, type WorkloadIdentity } from "@meshwright/contract/identity";
import { z } from "zod";
import { kubectl } from "../cluster/kubectl.ts";

/** A running pod, and a token that kubelet could have made for it. */
export interface Workload {
  readonly name: string;
  readonly ip: string;
  readonly identity: WorkloadIdentity;
  readonly token: string;
}

const podList = z.object({
  items: z
    .array(
      z.object({
        metadata: z.object({ name: z.string(), uid: z.string() }),
        spec: z.object({ serviceAccountName: z.string() }),
        status: z.object({ podIP: z.string() }),
      }),
    )
    .min(1),
});

/** Reads the first pod that a selector finds and asks for a token bound to it. */
export async function readWorkload(
  namespace: string,
  selector: string,
  audience: string = tokenAudience,
): Promise<Workload> {
  const list = await kubectl(["-n", namespace, "get", "pods", "-l", selector, "-o", "json"]);
  const [pod] = podList.parse(JSON.parse(list)).items;
  if (pod === undefined) throw new Error(`no pod of namespace "${namespace}" matches "${selector}"`);
  const { name, uid } = pod.metadata;
  const serviceAccount = pod.spec.serviceAccountName;
  const bound = ["--bound-object-kind", "Pod", "--bound-object-name", name, "--bound-object-uid", uid];
  const token = await kubectl(["-n", namespace, "create", "token", serviceAccount, "--audience", audience, ...bound]);
  const identity = { trustDomain: "cluster.local", namespace, serviceAccount };
  return { name, ip: pod.status.podIP, identity, token: token.trim() };
}
