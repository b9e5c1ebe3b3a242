import { readFile } from "node:fs/promises";
import { isIP } from "node:net";

/** As many as a resolver asks. Source: https://man7.org/linux/man-pages/man5/resolv.conf.5.html */
const maxNameservers = 3;

/**
 * Reads the nameservers that kubelet gives to pods: the agent is a pod of the node and has the same. Those on loopback or
 * with a zone are no other pod's; without the file there are none.
 *
 * @param file default the agent's own
 */
export async function readNameservers(file = "/etc/resolv.conf"): Promise<readonly string[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  const addresses = [...text.matchAll(/^nameserver[ \t]+(\S+)/gm)].map(([, address = ""]) => address);
  return addresses.filter(isReachable).slice(0, maxNameservers);
}

function isReachable(address: string): boolean {
  return isIP(address) !== 0 && !/^(127\.|::1$)|%/.test(address);
}
