import type { KubeClient } from "@meshwright/kube/client";
import { type ListWatch, type ListWatchOptions, listWatch, type WatchEvent } from "@meshwright/kube/list-watch";
import { endpointSlices, peerAuthentications, pods, services, typed } from "@meshwright/kube/resource-types";
import { type KubeObject, keyOf, type ResourceType } from "@meshwright/kube/types";
import type { Logger } from "@meshwright/log/logger";
import type { EndpointSlice } from "../model/endpoint-slice.ts";
import type { PeerAuthentication } from "../model/peer-authentication.ts";
import type { Service } from "../model/service.ts";
import type { Workload } from "../model/workload.ts";
import type { KubeEndpointSlice, KubePeerAuthentication, KubePod, KubeService } from "./kube-shapes.ts";
import { readEndpointSlice } from "./read-endpoint-slice.ts";
import { readPeerAuthentication } from "./read-peer-authentication.ts";
import { readService } from "./read-service.ts";
import { readWorkload } from "./read-workload.ts";
import { trimPod } from "./trim-pod.ts";

/** Takes what the watches see: by key `namespace/name`; undefined says that there is none any more. */
export interface MeshSink {
  setService(key: string, service: Service | undefined): void;
  setEndpointSlice(key: string, slice: EndpointSlice | undefined): void;
  setWorkload(key: string, workload: Workload | undefined): void;
  setPeerAuthentication(key: string, policy: PeerAuthentication | undefined): void;
}

/** Hands what the watches see to one sink after the other. */
export function bothSinks(first: MeshSink, second: MeshSink): MeshSink {
  return {
    setService: (key, service) => [first, second].forEach((sink) => sink.setService(key, service)),
    setEndpointSlice: (key, slice) => [first, second].forEach((sink) => sink.setEndpointSlice(key, slice)),
    setWorkload: (key, workload) => [first, second].forEach((sink) => sink.setWorkload(key, workload)),
    setPeerAuthentication: (key, policy) => [first, second].forEach((sink) => sink.setPeerAuthentication(key, policy)),
  };
}

export interface WatchOptions {
  readonly client: KubeClient;
  readonly logger: Logger;
  /** Ends the watches. */
  readonly signal: AbortSignal;
}

export interface MeshWatchOptions extends WatchOptions {
  /** The mesh's own namespace, whose policies are about the whole mesh. */
  readonly rootNamespace: string;
  /** Told of each object that was read, and whether anything could be made of it. */
  readonly onRead?: (kind: string, isEffective: boolean) => void;
}

/**
 * Keeps telling a sink what the cluster holds. An API server that is away leaves everything as it was last seen.
 * Returns the watches, by the kind that each sees.
 */
export function watchMesh(sink: MeshSink, options: MeshWatchOptions): Readonly<Record<string, ListWatch>> {
  const podOptions = { ...options, transform: trimPod };
  // A cluster may be without the definition: then there are no policies, until it comes.
  const policyOptions = { ...options, isOptional: true };
  return {
    Service: follow(typed<KubeService>(services), readService, (key, value) => sink.setService(key, value), options),
    EndpointSlice: follow(
      typed<KubeEndpointSlice>(endpointSlices),
      readEndpointSlice,
      (key, value) => sink.setEndpointSlice(key, value),
      options,
    ),
    Pod: follow(typed<KubePod>(pods), readWorkload, (key, value) => sink.setWorkload(key, value), podOptions),
    PeerAuthentication: follow(
      typed<KubePeerAuthentication>(peerAuthentications),
      (object) => readPeerAuthentication(object, options.rootNamespace),
      (key, value) => sink.setPeerAuthentication(key, value),
      policyOptions,
    ),
  };
}

function follow<T extends KubeObject, M>(
  type: ResourceType<T>,
  read: (object: T) => M | undefined,
  set: (key: string, value: M | undefined) => void,
  options: WatchOptions & Pick<MeshWatchOptions, "onRead"> & Pick<ListWatchOptions<T>, "transform" | "isOptional">,
): ListWatch {
  const onEvent = (event: WatchEvent<T>): void => {
    if (event.kind === "upsert") {
      const value = read(event.object);
      options.onRead?.(type.kind, value !== undefined);
      set(keyOf(event.object), value);
    } else if (event.kind === "delete") set(keyOf(event.object), undefined);
  };
  return listWatch({ ...options, type, onEvent });
}
