import { labels } from "@meshwright/contract/labels";
import { controlPlaneHost } from "@meshwright/contract/volume";
import type { KubeClient } from "@meshwright/kube/client";
import type { CatalogueEntry } from "../api/catalogue.ts";
import { isDeleting, type MeshInstall } from "../api/mesh-install.ts";
import type { MeshRevision, MeshRevisionTag } from "../api/mesh-revision.ts";
import { cniAnnotation, names } from "../api/names.ts";
import type { Caches } from "./caches.ts";
import { readCertificateAuthority } from "./certificate-authority.ts";
import { readNamespace } from "./namespace.ts";
import { listPodTroubles } from "./pod-troubles.ts";
import { groupedByReference, namespaceReferences } from "./references.ts";
import { listPluginUsers, listRemains } from "./remains.ts";
import { readSurroundings } from "./surroundings.ts";
import type {
  CertificateAuthority,
  FleetState,
  Observed,
  OwnedObject,
  References,
  Surroundings,
  WebhookState,
} from "./types.ts";
import { probeWebhook, type WebhookTarget } from "./webhook-probe.ts";

export interface ObserverOptions {
  readonly client: KubeClient;
  readonly caches: Caches;
  /** Semantic version of the API server. */
  readonly kubernetesVersion: string;
  /** As WebhookTarget.address. */
  readonly webhookAddress?: WebhookTarget["address"];
  /** The fleet of a revision as it was last seen. */
  readonly fleet: (revision: string) => FleetState;
  /** The version that is asked for and of which there is no revision yet; undefined: no change of version is asked for. */
  readonly pendingVersion: (install: MeshInstall, revisions: readonly MeshRevision[]) => CatalogueEntry | undefined;
  readonly now: () => Date;
}

/**
 * Gathers what is known about a MeshInstall; undefined when there is none of that name.
 * Errors: KubeError when what is not watched cannot be listed: pods during an uninstall, at the end of CNI mode, and while pods of
 * the install do not run; the cluster around the mesh while a change of version is asked for.
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
  const revisions = caches.revisions.list().toSorted(byName);
  const revisionNames = revisions.map(({ metadata }) => metadata.name);
  return {
    install,
    installs: caches.installs.list(),
    kubernetesVersion,
    owned,
    revisions,
    tags: caches.tags.list().toSorted(byName),
    references: referencesIn(caches),
    fleets: new Map(revisionNames.map((each) => [each, options.fleet(each)])),
    certificateAuthority,
    namespace: readNamespace(caches.namespaces.get({ name: install.spec.namespace }), name),
    webhooks: isDeleting(install)
      ? new Map()
      : await askWebhooks(revisions, { owned, authority: certificateAuthority }, options, signal),
    now: options.now(),
    remains: isDeleting(install) ? await listRemains(options.client, install, signal) : { kind: "unasked" },
    podTroubles: await listPodTroubles({ client: options.client, install, owned }, signal),
    surroundings: await surroundingsOf(install, revisions, options, signal),
    pluginUsers: isPluginLeaving(install, owned) ? await listPluginUsers(options.client, signal) : { kind: "unasked" },
  };
}

async function surroundingsOf(
  install: MeshInstall,
  revisions: readonly MeshRevision[],
  { client, caches, pendingVersion }: ObserverOptions,
  signal: AbortSignal,
): Promise<Surroundings> {
  const entry = isDeleting(install) ? undefined : pendingVersion(install, revisions);
  if (entry === undefined) return { kind: "unasked" };
  const all = caches.namespaces.list();
  const asking = namespaceReferences(all);
  const meshed = all.filter(({ metadata }) => asking.has(metadata.name));
  return readSurroundings({ client, entry, meshed, namespace: install.spec.namespace }, signal);
}

function referencesIn({ namespaces, podReferences }: Caches): References {
  const asked = namespaceReferences(namespaces.list());
  return { namespaces: groupedByReference(asked), pods: podReferences.by(asked) };
}

function byName(a: MeshRevision | MeshRevisionTag, b: MeshRevision | MeshRevisionTag): number {
  return a.metadata.name < b.metadata.name ? -1 : 1;
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

interface Serving {
  readonly owned: readonly OwnedObject[];
  readonly authority: CertificateAuthority;
}

/** Asks the webhooks of all revisions at once. */
async function askWebhooks(
  revisions: readonly MeshRevision[],
  serving: Serving,
  options: ObserverOptions,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, WebhookState>> {
  const asked = revisions.map(
    async (revision) => [revision.metadata.name, await askWebhook(revision, serving, options, signal)] as const,
  );
  return new Map(await Promise.all(asked));
}

async function askWebhook(
  { metadata, spec }: MeshRevision,
  { owned, authority }: Serving,
  { webhookAddress }: ObserverOptions,
  signal: AbortSignal,
): Promise<WebhookState> {
  const own = owned.filter((object) => object.metadata.labels?.[labels.revision] === metadata.name);
  // Without a replica the answer is known, and asking would only wait for a timeout.
  if (authority.kind !== "present" || !own.some(isServing)) return { kind: "unasked" };
  const host = controlPlaneHost(metadata.name, spec.namespace);
  const address = webhookAddress === undefined ? {} : { address: webhookAddress };
  return probeWebhook({ host, port: 443, root: authority.root, ...address }, signal);
}

function isServing({ kind, status }: OwnedObject): boolean {
  return kind === "Deployment" && typeof status === "object" && status !== null && "availableReplicas" in status;
}
