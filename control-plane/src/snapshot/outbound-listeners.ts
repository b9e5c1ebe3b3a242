import { isIPv6 } from "node:net";
import type { IpStack } from "@meshwright/contract/ip-stack";
import { type Listener, ListenerSchema } from "@meshwright/xds-api/gen/envoy/config/listener/v3/listener_pb";
import type { MeshSettings } from "../model/mesh-settings.ts";
import { addressesOf, type Service } from "../model/service.ts";
import type { EncodedResource, ObjectReference, ProxyTraits, ResourceMap } from "../serve/view.ts";
import { translateDnsTable } from "../translate/listener/dns-table.ts";
import { isSharedHttpPort, sharedHttpPorts } from "../translate/listener/http-ports.ts";
import {
  translateHttpListener,
  translateServiceListeners,
  translateVirtualOutbound,
} from "../translate/listener/outbound.ts";
import { encodeResource } from "./encoded.ts";
import { JoinedResources } from "./joined-resources.ts";
import { noOrigins, serviceOrigins } from "./origins.ts";
import { OwnedResources } from "./owned-resources.ts";

/** Owner of the listeners that are no Service's; Service keys hold a slash. */
const mesh = "mesh";

/** The listeners for what a pod sends, by what its proxy says of itself. */
export class OutboundListeners {
  /** A kernel without IPv6 would refuse the listeners on IPv6 addresses. */
  readonly #byStack: Readonly<Record<IpStack, OwnedResources>> = {
    ipv4: new OwnedResources(),
    dual: new OwnedResources(),
  };
  readonly #dnsTable = new OwnedResources();
  readonly #withDnsTable: Readonly<Record<IpStack, JoinedResources>> = {
    ipv4: new JoinedResources(),
    dual: new JoinedResources(),
  };

  /** What a proxy sees: the same map until something in it changes. */
  current({ ipStack, capturesDns }: ProxyTraits): ResourceMap {
    const listeners = this.#byStack[ipStack].current();
    return capturesDns ? this.#withDnsTable[ipStack].of(listeners, this.#dnsTable.current()) : listeners;
  }

  /** Translates the listeners that belong to no single Service. */
  setShared(services: readonly Service[], settings: MeshSettings): void {
    const httpPorts = sharedHttpPorts(services);
    for (const stack of ["ipv4", "dual"] as const) {
      const listeners = [
        encodeListener(translateVirtualOutbound(settings, stack), noOrigins),
        ...httpPorts.map((port) =>
          encodeListener(translateHttpListener(port, settings, stack), serviceOrigins(onHttpPort(services, port))),
        ),
      ];
      this.#byStack[stack].set(mesh, listeners);
    }
    this.#dnsTable.set(mesh, [encodeListener(translateDnsTable(services, settings), serviceOrigins(services))]);
  }

  /**
   * Translates the listeners on a Service's own addresses.
   *
   * @param podAddresses those of all its endpoints
   */
  setService(key: string, service: Service, podAddresses: readonly string[], settings: MeshSettings): void {
    const { ipv4 = [], ipv6 = [] } = Object.groupBy(addressesOf(service, podAddresses), familyOf);
    const origins = serviceOrigins([service]);
    const listenersOn = (addresses: readonly string[]) =>
      translateServiceListeners(service, addresses, settings).map((listener) => encodeListener(listener, origins));
    const [onIpv4, onIpv6] = [listenersOn(ipv4), listenersOn(ipv6)];
    this.#byStack.ipv4.set(key, onIpv4);
    this.#byStack.dual.set(key, [...onIpv4, ...onIpv6]);
  }

  /** Forgets a Service that went. */
  removeService(key: string): void {
    for (const listeners of Object.values(this.#byStack)) listeners.set(key, []);
  }
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIPv6(address) ? "ipv6" : "ipv4";
}

function onHttpPort(services: readonly Service[], port: number): readonly Service[] {
  return services.filter((service) =>
    service.ports.some((candidate) => candidate.port === port && isSharedHttpPort(candidate)),
  );
}

function encodeListener(listener: Listener, origins: readonly ObjectReference[]): EncodedResource {
  return encodeResource(ListenerSchema, listener.name, listener, origins);
}
