import type { Addressing, Service, ServicePort, TargetPort } from "../model/service.ts";
import type { KubeService, KubeServicePort } from "./kube-shapes.ts";
import { readProtocol } from "./read-protocol.ts";

/** Reads a Service. */
export function readService(object: KubeService): Service {
  const { name, namespace = "" } = object.metadata;
  const spec = object.spec ?? {};
  if (spec.type === "ExternalName") return { namespace, name, addressing: readAlias(spec), ports: [], selector: {} };
  return {
    namespace,
    name,
    addressing: readAddressing(spec),
    ports: (spec.ports ?? []).filter(isTcp).map(readPort),
    selector: spec.selector ?? {},
  };
}

function readAddressing(spec: NonNullable<KubeService["spec"]>): Addressing {
  const listed = spec.clusterIPs ?? (spec.clusterIP === undefined ? [] : [spec.clusterIP]);
  const addresses = listed.filter((address) => address !== "" && address !== "None");
  return addresses.length === 0 ? { kind: "headless" } : { kind: "virtual", addresses };
}

function readAlias({ externalName = "" }: NonNullable<KubeService["spec"]>): Addressing {
  return { kind: "alias", host: externalName.toLowerCase().replace(/\.$/, "") };
}

function isTcp(port: KubeServicePort): boolean {
  return port.protocol === undefined || port.protocol === "TCP";
}

function readPort(port: KubeServicePort): ServicePort {
  const name = port.name ?? "";
  return {
    name,
    port: port.port,
    protocol: readProtocol(port.port, name, port.appProtocol),
    targetPort: readTargetPort(port),
  };
}

function readTargetPort(port: KubeServicePort): TargetPort {
  const target = port.targetPort ?? port.port;
  if (typeof target === "string") return { kind: "name", name: target };
  // Headless Services may be stored with targetPort 0, which means the port itself.
  return { kind: "number", port: target === 0 ? port.port : target };
}
