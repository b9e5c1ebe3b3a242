import { labels } from "@meshwright/contract/labels";
import { controlPlaneHost } from "@meshwright/contract/volume";
import type { KubeClient } from "@meshwright/kube/client";
import { isDeleting, type MeshInstall } from "../api/mesh-install.ts";
import { cniAnnotation, names } from "../api/names.ts";
import type { Caches } from "./caches.ts";
import { readCertificateAuthority } from "./certificate-authority.ts";
import { readNamespace } from "./namespace.ts";
import { listPluginUsers, listRemains } from "./remains.ts";
import type { CertificateAuthority, FleetState, Observed, OwnedObject, WebhookState } from "./types.ts";
import { probeWebhook, type WebhookTarget } from "./webhook-probe.ts";

export interface ObserverOptions {
  readonly client: KubeClient;
  readonly caches: Caches;
  /** Semantic version of the API server. */
  readonly kubernetesVersion: string;
  /** As WebhookTarget.address. */
  readonly webhookAddress?: WebhookTarget["address"];
  /** The fleet of an install as it was last seen. */
  readonly fleet: (install: string) => FleetState;
}

/**
 * Gathers what is known about a MeshInstall; undefined when there is none of that name.
 * Errors: KubeError when the pods cannot be listed, which only an uninstall and the end of CNI mode ask for.
 */
export async function observe(
  name: string,
  options: ObserverOptions,
  signal: AbortSignal,
): Promise<Observed | undefined> {
  const { caches, kubernetesVersion } = options;
  const install = caches.installs.get({ name });
  if (install === undefined) return undefined;
  const owned = caches.owned.flatMap((store) => store.list().filter((object) => isOwnedBy(object, name)));
  const secretKey = { name: names.certificateAuthority, namespace: install.spec.namespace };
  const certificateAuthority = readCertificateAuthority(caches.authorities.get(secretKey), name);
  return {
    install,
    installs: caches.installs.list(),
    kubernetesVersion,
    owned,
    fleet: options.fleet(name),
    certificateAuthority,
    namespace: readNamespace(caches.namespaces.get({ name: install.spec.namespace }), name),
    webhook: isDeleting(install)
      ? { kind: "unasked" }
      : await askWebhook(install, owned, certificateAuthority, options, signal),
    remains: isDeleting(install) ? await listRemains(options.client, install, signal) : { kind: "unasked" },
    pluginUsers: isPluginLeaving(install, owned) ? await listPluginUsers(options.client, signal) : { kind: "unasked" },
  };
}

function isOwnedBy(object: OwnedObject, install: string): boolean {
  return object.metadata.labels?.[labels.install] === install;
}

function isPluginLeaving(install: MeshInstall, owned: readonly OwnedObject[]): boolean {
  const isThere = owned.some(
    ({ kind, metadata }) => kind === "DaemonSet" && metadata.annotations?.[cniAnnotation] === "enabled",
  );
  return isThere && !install.spec.cni.enabled && !isDeleting(install);
}

async function askWebhook(
  install: MeshInstall,
  owned: readonly OwnedObject[],
  authority: CertificateAuthority,
  { webhookAddress }: ObserverOptions,
  signal: AbortSignal,
): Promise<WebhookState> {
  // Without a replica the answer is known, and asking would only wait for a timeout.
  if (authority.kind !== "present" || !owned.some(isServing)) return { kind: "unasked" };
  const host = controlPlaneHost(install.metadata.name, install.spec.namespace);
  const address = webhookAddress === undefined ? {} : { address: webhookAddress };
  return probeWebhook({ host, port: 443, root: authority.root, ...address }, signal);
}

function isServing({ kind, status }: OwnedObject): boolean {
  return kind === "Deployment" && typeof status === "object" && status !== null && "availableReplicas" in status;
}
