import { existsSync } from "node:fs";
import { attempt } from "../command/run.ts";

/** What else a cluster needs of the kernel, by what is so without it; each command runs in a network namespace of its own. */
const needs: Readonly<Record<string, string>> = {
  "gives links no IPv6 addresses": "ip link set lo up && ip -6 address add 2001:db8::1/128 dev lo",
  "has no NAT for IPv6 (modprobe ip6table_nat)": "ip6tables -t nat -A POSTROUTING -j MASQUERADE",
  "does not filter bridged IPv6 traffic": "test -e /proc/sys/net/bridge/bridge-nf-call-ip6tables",
};

/** Says what about this machine's kernel keeps the cluster from having IPv6; undefined when nothing does. */
export async function whyNoIpv6(): Promise<string | undefined> {
  if (!existsSync("/proc/net/if_inet6")) return "was started without IPv6 (ipv6.disable=1)";
  // A new link, as the machine's end of the cluster's network, begins with it.
  if ((await attempt("sysctl", ["-n", "net.ipv6.conf.default.disable_ipv6"])).stdout.trim() !== "0")
    return "has it switched off for new links (sysctl net.ipv6.conf.default.disable_ipv6)";
  for (const [problem, command] of Object.entries(needs))
    if ((await attempt("unshare", ["--net", "sh", "-ec", command])).code !== 0) return problem;
  return undefined;
}
