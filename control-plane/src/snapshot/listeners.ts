import { isIPv6 } from "node:net";
import { isDeepStrictEqual } from "node:util";
import type { Collection } from "@meshwright/collections/collection";
import { indexBy } from "@meshwright/collections/index-by";
import { join } from "@meshwright/collections/join";
import { map } from "@meshwright/collections/map";
import type { IpStack } from "@meshwright/contract/ip-stack";
import { addressesOf, type Service } from "../model/service.ts";
import { translateDnsTable } from "../translate/listener/dns-table.ts";
import {
  translateHttpListener,
  translateServiceListeners,
  translateVirtualOutbound,
} from "../translate/listener/outbound.ts";
import type { Listening } from "./backends.ts";
import type { Encoder } from "./encoder.ts";
import type { HttpPorts } from "./http-ports.ts";
import { listedOrigins, noOrigins, serviceOrigin, serviceReference } from "./origins.ts";
import { listenerKind } from "./resource-kinds.ts";
import { only, type Settings, type Sources } from "./sources.ts";
import { type Resources, translated } from "./translated.ts";

/** What listeners are made of. */
export interface ListenerInputs extends Pick<Sources, "services" | "proxies"> {
  readonly settings: Settings;
  readonly listening: Collection<Listening>;
  readonly httpPorts: HttpPorts;
}

/** The listeners for what pods send, by what their proxies say of themselves. */
export interface OutboundListeners {
  /** A kernel without IPv6 would refuse the listeners on IPv6 addresses. */
  readonly byStack: Readonly<Record<IpStack, Resources>>;
  /** What those know of names who answer queries for them; none while nobody does. */
  readonly dnsTable: Resources;
}

export function deriveListeners(inputs: ListenerInputs, encoder: Encoder): OutboundListeners {
  const onIpv4 = serviceListeners(inputs, encoder, (address) => !isIPv6(address));
  const onIpv6 = serviceListeners(inputs, encoder, isIPv6);
  return {
    byStack: {
      ipv4: join(sharedListeners(inputs, encoder, "ipv4"), onIpv4),
      dual: join(sharedListeners(inputs, encoder, "dual"), onIpv4, onIpv6),
    },
    dnsTable: dnsTable(inputs, encoder),
  };
}

/** The listeners on the Services' own addresses. */
function serviceListeners(
  { listening, settings }: ListenerInputs,
  encoder: Encoder,
  isOfFamily: (address: string) => boolean,
): Resources {
  return translated(listening, settings, ({ service, podAddresses }, current) => {
    const addresses = addressesOf(service, podAddresses).filter(isOfFamily);
    const translate = () => translateServiceListeners(service, addresses, current);
    return encoder.encode(listenerKind, translate, serviceOrigin(service));
  });
}

/** The listeners that belong to no single Service. */
function sharedListeners({ httpPorts, settings }: ListenerInputs, encoder: Encoder, stack: IpStack): Resources {
  const { listeners, services } = httpPorts;
  const lists = map(services, ({ values }) => values.map(serviceReference));
  const http = translated(listeners, settings, (shared, current) => {
    const origins = listedOrigins(lists, String(shared.port));
    return encoder.encode(listenerKind, () => [translateHttpListener(shared, current, stack)], origins);
  });
  const outbound = translated(settings, settings, (current) =>
    encoder.encode(listenerKind, () => [translateVirtualOutbound(current, stack)], noOrigins),
  );
  return join(http, outbound);
}

function dnsTable({ services, settings, proxies }: ListenerInputs, encoder: Encoder): Resources {
  const named = map(services, (service) => service, isSameName);
  const queried = map(
    indexBy(proxies, ({ traits }) => (traits.capturesDns ? [only] : [])),
    () => true,
  );
  const lists = map(queried, (_, __, fetch) =>
    [...fetch.all(named)].toSorted(byKey).map(([, service]) => serviceReference(service)),
  );
  return translated(queried, settings, (_, current, fetch) => {
    const all = [...fetch.all(named).values()];
    return encoder.encode(listenerKind, () => [translateDnsTable(all, current)], listedOrigins(lists, only));
  });
}

/** Whether nothing changed of what stands in the table; the rest of the Service may be out of date there. */
function isSameName(a: Service, b: Service): boolean {
  return a.namespace === b.namespace && a.name === b.name && isDeepStrictEqual(a.addressing, b.addressing);
}

function byKey([a]: readonly [string, Service], [b]: readonly [string, Service]): number {
  return a < b ? -1 : 1;
}
