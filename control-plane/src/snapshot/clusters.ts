import { isDeepStrictEqual } from "node:util";
import type { Collection } from "@meshwright/collections/collection";
import { indexBy } from "@meshwright/collections/index-by";
import { join } from "@meshwright/collections/join";
import { map } from "@meshwright/collections/map";
import { inOrder, meshedAddress } from "../model/meshed-addresses.ts";
import type { Pod } from "../model/pod.ts";
import {
  translateBlackHoleCluster,
  translateHeadlessClusters,
  translatePassthroughCluster,
} from "../translate/cluster/original-destination.ts";
import { translateOutboundClusters } from "../translate/cluster/outbound.ts";
import type { Servers } from "./backends.ts";
import type { Encoder } from "./encoder.ts";
import { noOrigins, serviceOrigin } from "./origins.ts";
import { clusterKind } from "./resource-kinds.ts";
import type { Settings } from "./sources.ts";
import { type Resources, translated } from "./translated.ts";

/** What clusters are made of. */
export interface ClusterInputs {
  readonly servers: Collection<Servers>;
  readonly pods: Collection<Pod>;
  readonly settings: Settings;
}

/** The clusters to which every sidecar sends: those of the Services, and what is no Service's. */
export function deriveClusters(inputs: ClusterInputs, encoder: Encoder): Resources {
  return join(serviceClusters(inputs, encoder), meshClusters(inputs, encoder));
}

function serviceClusters({ servers, settings }: ClusterInputs, encoder: Encoder): Resources {
  return translated(servers, settings, ({ service, accounts, meshed }, current) =>
    encoder.encode(
      clusterKind,
      () => [
        ...translateOutboundClusters(service, accounts, current),
        ...translateHeadlessClusters(service, accounts, meshed, current),
      ],
      serviceOrigin(service),
    ),
  );
}

/** The clusters for what is no Service, one of which knows the addresses of all pods that have a sidecar. */
function meshClusters({ pods, settings }: ClusterInputs, encoder: Encoder): Resources {
  const holders = indexBy(pods, ({ workload }) => workload.addresses);
  const meshed = map(holders, ({ values }, address) => meshedAddress(address, values), isDeepStrictEqual);
  return translated(settings, settings, (current, _, fetch) => {
    const addresses = inOrder([...fetch.all(meshed).values()]);
    const translate = () => [translatePassthroughCluster(addresses, current), translateBlackHoleCluster()];
    return encoder.encode(clusterKind, translate, noOrigins);
  });
}
