import { isDeepStrictEqual } from "node:util";
import type { Collection } from "@meshwright/collections/collection";
import { flatMap } from "@meshwright/collections/flat-map";
import { indexBy } from "@meshwright/collections/index-by";
import { map } from "@meshwright/collections/map";
import type { Service } from "../model/service.ts";
import { isSharedHttpPort } from "../translate/listener/http-ports.ts";
import { hostname } from "../translate/names.ts";
import type { HttpHost } from "../translate/route/outbound.ts";
import { only, type Settings, type Sources } from "./sources.ts";

interface PortOfService {
  readonly service: Service;
  readonly port: number;
}

/** The Services behind each HTTP port that Services share; keys are the port in decimal, a slash and the Service's key. */
export function deriveHttpHosts(services: Sources["services"], settings: Settings): Collection<HttpHost> {
  const onPorts = flatMap(
    services,
    (service, key): readonly (readonly [string, PortOfService])[] =>
      service.ports.filter(isSharedHttpPort).map(({ port }) => [`${port}/${key}`, { service, port }]),
    (a, b) => a.service === b.service && a.port === b.port,
  );
  const claims = indexBy(onPorts, ({ service, port }) =>
    virtualAddresses(service).map((address) => `${port}/${address}`),
  );
  const aliases = indexBy(services, ({ addressing }) => (addressing.kind === "alias" ? [addressing.host] : []));
  return map(
    onPorts,
    ({ service, port }, _, fetch) => {
      const current = fetch.get(settings, only);
      if (current === undefined) return undefined;
      // Of several Services that have an address, the first by key is called by it.
      const isOwner = (address: string) => fetch.get(claims, `${port}/${address}`)?.values[0]?.service === service;
      const addresses = virtualAddresses(service).filter(isOwner);
      return { service, port, aliases: fetch.get(aliases, hostname(service, current))?.values ?? [], addresses };
    },
    isDeepStrictEqual,
  );
}

function virtualAddresses({ addressing }: Service): readonly string[] {
  return addressing.kind === "virtual" ? addressing.addresses : [];
}
