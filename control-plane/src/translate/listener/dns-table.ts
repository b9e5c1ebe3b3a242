import type { MeshSettings } from "../../model/mesh-settings.ts";
import type { Service } from "../../model/service.ts";

/**
 * Renders what the mesh knows of names for the module that answers them, in the form that `proxy/native/dns.c` describes:
 * the cluster's domain, and the Services by name in byte order, each with the addresses of its own. One without any, a
 * headless Service, stands there too: what is below its name is the nameserver's to say.
 */
export function dnsTable(services: readonly Service[], settings: MeshSettings): string {
  const lines = services.map(({ name, namespace, addressing }) => {
    const addresses = addressing.kind === "virtual" ? addressing.addresses : [];
    return { name: `${name}.${namespace}`, line: [`${name}.${namespace}`, ...addresses].join(" ") };
  });
  // Names are ASCII, so that the order of strings is that of bytes.
  const sorted = lines.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return [settings.clusterDomain, ...sorted.map(({ line }) => line)].join("\n");
}
