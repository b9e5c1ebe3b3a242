import { existsSync } from "node:fs";
import { DevError } from "../command/dev-error.ts";
import { attempt, run } from "../command/run.ts";
import type { StepReport } from "../progress/progress.ts";

/** What the cluster, the images and the tests need of Debian: package, and a file whose presence shows that it is installed. */
const packages: Readonly<Record<string, string>> = {
  "ca-certificates": "/etc/ssl/certs",
  buildah: "/usr/bin/buildah",
  containerd: "/usr/bin/containerd",
  "containernetworking-plugins": "/usr/lib/cni/bridge",
  "dnsmasq-base": "/usr/sbin/dnsmasq",
  gcc: "/usr/bin/gcc",
  iproute2: "/usr/sbin/ip",
  iptables: "/usr/sbin/iptables",
  "libc6-dev": "/usr/include/stdio.h",
  nftables: "/usr/sbin/nft",
  "python3-pip": "/usr/lib/python3/dist-packages/pip",
  runc: "/usr/sbin/runc",
  tini: "/usr/bin/tini",
};

/**
 * Installs the Debian packages that are missing; does nothing, and needs no network, when all are there.
 *
 * Errors: DevError `Prerequisite`, naming the programs to install by hand, where there is no apt-get or no root.
 */
export async function installDebianPackages(report: StepReport): Promise<void> {
  const missing = Object.keys(packages).filter((name) => !existsSync(packages[name] ?? ""));
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || (await attempt("sh", ["-c", "command -v apt-get"])).code !== 0)
    throw new DevError(
      "Prerequisite",
      `cannot install ${missing.join(", ")}: that takes root and apt-get; install them by hand (Debian's names)`,
    );
  report.at(0.1, "apt-get update");
  await run("apt-get", ["update", "-q"]);
  report.at(0.4, `apt-get install ${missing.join(" ")}`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["install", "-q", "-y", "--no-install-recommends", ...missing], { env });
}
