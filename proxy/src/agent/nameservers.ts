import { readFile } from "node:fs/promises";
import { isIP, isIPv6 } from "node:net";
import type { IpStack } from "@meshwright/contract/ip-stack";

/** As many as a resolver asks. Source: https://man7.org/linux/man-pages/man5/resolv.conf.5.html */
const maxNameservers = 3;

/**
 * Reads the nameservers that kubelet gives to pods: the agent is a pod of the node and has the same. Those on loopback or
 * with a zone are no other pod's, and an IPv6 address is none to a kernel without IPv6, whose Envoy would refuse a bootstrap
 * that names one. Without the file there are none.
 *
 * @param file default the agent's own
 */
export async function readNameservers(stack: IpStack, file = "/etc/resolv.conf"): Promise<readonly string[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  const addresses = [...text.matchAll(/^nameserver[ \t]+(\S+)/gm)].map(([, address = ""]) => address);
  return addresses.filter((address) => isReachable(address, stack)).slice(0, maxNameservers);
}

function isReachable(address: string, stack: IpStack): boolean {
  if (stack === "ipv4" && isIPv6(address)) return false;
  return isIP(address) !== 0 && !/^(127\.|::1$)|%/.test(address);
}
