import { flatMap } from "@meshwright/collections/flat-map";
import { Graph } from "@meshwright/collections/graph";
import { indexBy } from "@meshwright/collections/index-by";
import { join } from "@meshwright/collections/join";
import { map } from "@meshwright/collections/map";
import { type Source, source } from "@meshwright/collections/source";

/** What the collections hold: about as large as an endpoint of the model. */
export interface Pod {
  readonly group: string;
  readonly address: string;
  readonly port: number;
}

/** Something that takes pods by key, alone or many at once. */
export interface Subject {
  set(key: string, pod: Pod): void;
  batch(write: () => void): void;
  /** Keeps alive what is measured, and says how much there is. */
  readonly size: () => number;
}

/** What is measured, by name: the same result by hand comes before what it is compared with. */
export const subjects: Readonly<Record<string, () => Subject>> = {
  "Map by hand": mapByHand,
  source: () => derived((pods) => pods),
  "map: values by hand": valuesByHand,
  map: () => derived((pods) => map(pods, endpointOf)),
  "map that fetches": () => {
    const graph = new Graph();
    const zones = source<string>(graph);
    zones.set("", "zone-a");
    return derived((pods) => map(pods, (pod, _, fetch) => ({ ...endpointOf(pod), zone: fetch.get(zones, "") })), graph);
  },
  flatMap: () => derived((pods) => flatMap(pods, (pod, key) => [[key, endpointOf(pod)]])),
  join: () => derived((pods) => join(source<Pod>(pods.graph), pods)),
  "index: sets by hand": groupsByHand,
  index: () => derived((pods) => indexBy(pods, ({ group }) => [group])),
};

function endpointOf({ address, port }: Pod) {
  return { address, port };
}

function derived(derive: (pods: Source<Pod>) => { readonly size: number }, graph = new Graph()): Subject {
  const pods = source<Pod>(graph);
  const collection = derive(pods);
  return {
    set: (key, pod) => pods.set(key, pod),
    batch: (write) => graph.batch(write),
    size: () => collection.size,
  };
}

function mapByHand(): Subject {
  const pods = new Map<string, Pod>();
  return { set: (key, pod) => pods.set(key, pod), batch: (write) => write(), size: () => pods.size };
}

function valuesByHand(): Subject {
  const pods = new Map<string, Pod>();
  const endpoints = new Map<string, ReturnType<typeof endpointOf>>();
  const set = (key: string, pod: Pod): void => {
    pods.set(key, pod);
    endpoints.set(key, endpointOf(pod));
  };
  return { set, batch: (write) => write(), size: () => pods.size + endpoints.size };
}

function groupsByHand(): Subject {
  const pods = new Map<string, Pod>();
  const groups = new Map<string, Set<string>>();
  const set = (key: string, pod: Pod): void => {
    const before = pods.get(key);
    if (before !== undefined) groups.get(before.group)?.delete(key);
    pods.set(key, pod);
    const group = groups.get(pod.group);
    if (group === undefined) groups.set(pod.group, new Set([key]));
    else group.add(key);
  };
  return { set, batch: (write) => write(), size: () => pods.size + groups.size };
}
