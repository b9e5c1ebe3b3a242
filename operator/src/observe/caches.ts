import { labels } from "@meshwright/contract/labels";
import type { KubeClient } from "@meshwright/kube/client";
import { type ListWatch, listWatch } from "@meshwright/kube/list-watch";
import { pods } from "@meshwright/kube/resource-types";
import { createStore, type Store } from "@meshwright/kube/store";
import type { KubeObject, ResourceType } from "@meshwright/kube/types";
import type { WatchEvent } from "@meshwright/kube/watch-event";
import type { Logger } from "@meshwright/log/logger";
import { filledIn } from "../api/filled-in.ts";
import {
  meshInstallType,
  meshRevisionTagType,
  meshRevisionType,
  namespaceType,
  ownedTypes,
  secretType,
} from "../api/managed-types.ts";
import type { MeshInstall } from "../api/mesh-install.ts";
import type { MeshRevision, MeshRevisionTag } from "../api/mesh-revision.ts";
import { names, rootCertificateKey } from "../api/names.ts";
import { PodReferences } from "./references.ts";
import type { OwnedObject } from "./types.ts";

/** A Secret of the certificate authority, without its key. */
export interface AuthoritySecret extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** Live copies of everything that decisions are made of. */
export interface Caches {
  /** With every setting filled in. */
  readonly installs: Store<MeshInstall>;
  readonly revisions: Store<MeshRevision>;
  readonly tags: Store<MeshRevisionTag>;
  readonly namespaces: Store<KubeObject>;
  readonly authorities: Store<AuthoritySecret>;
  /** One per managed kind. */
  readonly owned: readonly Store<OwnedObject>[];
  /** Of the pods that have not ended. */
  readonly podReferences: PodReferences;
  /** Resolves when all of them hold a complete list. */
  readonly synced: Promise<unknown>;
}

export interface CachesOptions {
  readonly client: KubeClient;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Called after a change, with the name of the install it concerns; undefined when it may concern all. */
  readonly onChange: (install: string | undefined) => void;
}

/** Starts the watches. Secrets are watched by the one name that the operator may read, and their keys are not kept. */
export function startCaches({ client, logger, signal, onChange }: CachesOptions): Caches {
  const base = { client, logger, signal };
  const watched = <T extends KubeObject>(type: ResourceType<T>, concerns: (object: T) => string | undefined) => ({
    ...base,
    type,
    onEvent: (event: WatchEvent<T>) => onChange(event.kind === "synced" ? undefined : concerns(event.object)),
  });
  const all = (): undefined => undefined;
  const installs = createStore({ ...watched<MeshInstall>(meshInstallType, all), transform: filledIn });
  const revisions = createStore(watched<MeshRevision>(meshRevisionType, all));
  const tags = createStore(watched<MeshRevisionTag>(meshRevisionTagType, all));
  const namespaces = createStore(watched<KubeObject>(namespaceType, all));
  const authorities = createStore({
    ...watched<AuthoritySecret>(secretType, all),
    fieldSelector: `metadata.name=${names.certificateAuthority}`,
    transform: withoutKey,
  });
  const owned = ownedTypes.map((type) =>
    createStore({
      ...watched<OwnedObject>(type, (object) => object.metadata.labels?.[labels.install]),
      labelSelector: labels.install,
    }),
  );
  const podReferences = new PodReferences();
  const podWatch = watchPods(podReferences, base, () => onChange(undefined));
  const stores = [installs, revisions, tags, namespaces, authorities, ...owned, podWatch];
  const synced = Promise.all(stores.map((store) => store.synced));
  // Whoever waits sees an end before that; when nobody does, it is no failure of the process.
  synced.catch(() => undefined);
  return { installs, revisions, tags, namespaces, authorities, owned, podReferences, synced };
}

/** Pods that end, or begin, in one second are told of once: a rollout of hundreds is one change. */
const podPauseMs = 1_000;

/** Follows the metadata of all pods that have not ended, and keeps of it what they refer to. */
function watchPods(
  references: PodReferences,
  options: Pick<CachesOptions, "client" | "logger" | "signal">,
  onChange: () => void,
): ListWatch {
  let timer: NodeJS.Timeout | undefined;
  const changed = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      onChange();
    }, podPauseMs).unref();
  };
  options.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  return listWatch<KubeObject>({
    ...options,
    type: pods,
    metadataOnly: true,
    fieldSelector: "status.phase!=Succeeded,status.phase!=Failed",
    onEvent: (event) => {
      if (event.kind === "synced") return;
      const isChanged = event.kind === "upsert" ? references.set(event.object) : references.delete(event.object);
      if (isChanged) changed();
    },
  });
}

/** The operator never needs the key once it is stored. */
function withoutKey(secret: AuthoritySecret): AuthoritySecret {
  const root = secret.data?.[rootCertificateKey];
  const certificate = secret.data?.["tls.crt"];
  return {
    ...secret,
    data: {
      ...(root === undefined ? {} : { [rootCertificateKey]: root }),
      ...(certificate === undefined ? {} : { "tls.crt": certificate }),
    },
  };
}
