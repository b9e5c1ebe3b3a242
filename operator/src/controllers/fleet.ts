import { readFile } from "node:fs/promises";
import { labels } from "@meshwright/contract/labels";
import { controlPlaneHost, controlPlaneName } from "@meshwright/contract/volume";
import type { KubeClient } from "@meshwright/kube/client";
import type { EventRecorder } from "@meshwright/kube/event-recorder";
import { endpointSlices, typed } from "@meshwright/kube/resource-types";
import type { Logger } from "@meshwright/log/logger";
import { isDeleting } from "../api/mesh-install.ts";
import type { MeshRevision } from "../api/mesh-revision.ts";
import { names } from "../api/names.ts";
import { ObjectMarker } from "../apply/mark-objects.ts";
import { type FleetSubject, type FleetWatch, watchFleet } from "../fleet/fleet-watch.ts";
import type { Asked } from "../fleet/merge.ts";
import { readReplica } from "../fleet/read-replica.ts";
import { type EndpointSlice, type Replica, replicasOf } from "../fleet/replicas.ts";
import type { Caches } from "../observe/caches.ts";
import { readCertificateAuthority } from "../observe/certificate-authority.ts";
import type { FleetState } from "../observe/types.ts";
import { objectMarks } from "../status/object-marks.ts";
import type { OperatorMetrics } from "./metrics.ts";

/** How the operator gets at the replicas' fleet views. */
export interface FleetAccess {
  /** File with a token of the operator's own account for the debug port; read anew each time, for kubelet renews it. */
  readonly tokenFile: string;
  /** Every replica is asked here instead of at its own address; for an operator that runs outside the cluster. */
  readonly address?: { readonly host: string; readonly port: number };
}

export interface FleetOptions {
  readonly client: KubeClient;
  readonly caches: Caches;
  readonly fleet: FleetAccess;
  readonly events: EventRecorder;
  readonly logger: Logger;
  readonly isLeader: () => boolean;
  readonly metrics: OperatorMetrics;
  readonly now: () => Date;
  /** Called when the fleet of a revision has changed. */
  readonly onChange: () => void;
}

/** Label by which a slice names its Service. */
const serviceNameLabel = "kubernetes.io/service-name";

/** Looks at the fleet of every revision until the signal ends it, and says on objects that proxies reject them. */
export function startFleetWatch(options: FleetOptions, signal: AbortSignal): FleetWatch {
  const { caches, client, logger, metrics, onChange } = options;
  // Whoever leads next has the numbers; two would be added up.
  signal.addEventListener("abort", () => metrics.fleetsSeen(new Map()), { once: true });
  const marker = new ObjectMarker(options);
  const revisionOf = ({ revision }: FleetSubject): MeshRevision | undefined => caches.revisions.get({ name: revision });
  return watchFleet({
    synced: caches.synced,
    subjects: () =>
      caches.installs.list().some((install) => !isDeleting(install)) ? caches.revisions.list().map(subjectOf) : [],
    replicas: async (subject, round) => {
      const revision = revisionOf(subject);
      return revision === undefined ? [] : listReplicas(client, revision, round);
    },
    ask: (subject, replica, round) => askReplica(revisionOf(subject), replica, options, round),
    onChange: () => onChange(),
    onRound: async (states, round) => {
      if (!signal.aborted) metrics.fleetsSeen(states);
      if (options.isLeader()) await mark(marker, states, round);
    },
    logger,
    signal,
  });
}

function subjectOf({ metadata, spec }: MeshRevision): FleetSubject {
  return { revision: metadata.name, version: spec.version };
}

async function listReplicas(
  client: KubeClient,
  { metadata, spec }: MeshRevision,
  signal: AbortSignal,
): Promise<readonly Replica[]> {
  const labelSelector = `${serviceNameLabel}=${controlPlaneName(metadata.name)}`;
  const selection = { namespace: spec.namespace, labelSelector, signal };
  return replicasOf((await client.list(typed<EndpointSlice>(endpointSlices), selection)).items);
}

async function askReplica(
  revision: MeshRevision | undefined,
  replica: Replica,
  { caches, fleet }: FleetOptions,
  signal: AbortSignal,
): Promise<Asked> {
  const silent = (detail: string): Asked => ({ kind: "silent", detail: `replica "${replica.name}": ${detail}` });
  if (revision === undefined) return silent("its MeshRevision is gone");
  const { name, labels: own = {} } = revision.metadata;
  const { namespace } = revision.spec;
  const authority = readCertificateAuthority(
    caches.authorities.get({ name: names.certificateAuthority, namespace }),
    own[labels.install] ?? "",
  );
  if (authority.kind !== "present") return silent("there is no root certificate to know it by");
  const token = await readToken(fleet.tokenFile);
  if (token === undefined) return silent(`the operator has no token for it in "${fleet.tokenFile}"`);
  const { host: address, port } = fleet.address ?? { host: replica.address, port: replica.port };
  const host = controlPlaneHost(name, namespace);
  return readReplica({ name: replica.name, address, port, host, root: authority.root, token }, signal);
}

async function readToken(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, "utf8")).trim() || undefined;
  } catch {
    return undefined;
  }
}

/**
 * What is rejected is marked whoever else is silent; marks are taken away only when everybody has spoken. A revision without
 * replicas says nothing.
 */
async function mark(marker: ObjectMarker, states: ReadonlyMap<string, FleetState>, signal: AbortSignal): Promise<void> {
  const all = [...states.values()];
  const rejections = all.flatMap((state) => (state.kind === "unasked" ? [] : state.rejections));
  const kinds = new Set(all.map(({ kind }) => kind));
  const isComplete = !kinds.has("unknown") && (kinds.has("known") || kinds.size === 0);
  await marker.update(objectMarks(rejections), isComplete, signal);
}
