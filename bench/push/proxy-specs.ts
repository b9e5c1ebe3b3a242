import { createPublicKey } from "node:crypto";
import { spiffeId } from "@meshwright/contract/identity";
import type { Authority } from "@meshwright/pki/authority";
import { issueLeaf } from "@meshwright/pki/issue";
import { generateKey, renderKey } from "@meshwright/pki/key";
import type { MeshService, PodIdentity } from "../mesh/objects.ts";
import { trustDomain } from "../translate/mesh.ts";

/** A pod's identity, proven: its certificate and key in PEM. */
export interface ProvenPod {
  readonly pod: PodIdentity;
  readonly certificate: string;
  readonly privateKey: string;
}

const oneDayMs = 24 * 60 * 60_000;

/** Chooses the pods whose proxies connect: the first of every Service, then the second of every one, and so on. */
export function choosePods(services: readonly MeshService[], number: number): readonly PodIdentity[] {
  const rounds = Math.max(0, ...services.map(({ pods }) => pods.length));
  const pods = Array.from({ length: rounds }, (_, round) => services.flatMap((service) => service.pods[round] ?? []));
  return pods.flat().slice(0, number);
}

/** Issues the certificates of service accounts, all with one key: making keys takes long and nobody measures it. */
export class Certificates {
  readonly #authority: Authority;
  readonly #key = generateKey();
  readonly #issued = new Map<string, Promise<string>>();

  constructor(authority: Authority) {
    this.#authority = authority;
  }

  async prove(pod: PodIdentity): Promise<ProvenPod> {
    const id = spiffeId({ trustDomain, namespace: pod.namespace, serviceAccount: pod.serviceAccount });
    const issued = this.#issued.get(id) ?? this.#issue(id);
    this.#issued.set(id, issued);
    return { pod, certificate: await issued, privateKey: renderKey(this.#key) };
  }

  async #issue(id: string): Promise<string> {
    const leaf = await issueLeaf(this.#authority, {
      publicKey: createPublicKey(this.#key),
      names: [{ type: "url", value: id }],
      usages: ["client", "server"],
      now: new Date(),
      lifetimeMs: oneDayMs,
    });
    return leaf.chainPem;
  }
}
