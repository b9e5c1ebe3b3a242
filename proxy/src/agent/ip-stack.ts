import { access } from "node:fs/promises";
import type { IpStack } from "@meshwright/contract/ip-stack";

/**
 * Reads what the kernel speaks. The file is missing when it was started with `ipv6.disable=1`, and then no network
 * namespace of it has an IPv6 socket; a namespace with IPv6 switched off by sysctl still lets a socket listen on `::`.
 * Source: https://www.kernel.org/doc/html/latest/networking/ipv6.html
 *
 * @param table default the kernel's own
 */
export function kernelIpStack(table = "/proc/net/if_inet6"): Promise<IpStack> {
  return access(table).then(
    () => "dual",
    () => "ipv4",
  );
}
