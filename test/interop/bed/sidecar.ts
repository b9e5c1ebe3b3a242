import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { proxyUid, volumeFiles, volumeMountPath } from "@meshwright/contract/volume";
import { bootstrap } from "@meshwright/proxy/bootstrap/bootstrap";
import { certificateSds, trustBundleSds } from "@meshwright/proxy/bootstrap/sds";
import { captureEverything } from "@meshwright/proxy/redirect/capture";
import { renderRuleset } from "@meshwright/proxy/redirect/render";
import { redirectRules } from "@meshwright/proxy/redirect/ruleset";
import { type Daemon, startDaemon } from "@meshwright/testing/daemon";
import { envoyBinary } from "@meshwright/testing/envoy";
import { envoyModules } from "@meshwright/testing/envoy-modules";
import type { NetworkNamespace } from "@meshwright/testing/network-namespace";
import type { Volume } from "@meshwright/testing/volume";

export const install = { revision: "default", namespace: "mesh-system" } as const;

/**
 * Fills a volume as the node agent does, with the product's own bootstrap and not a byte of it changed.
 *
 * @param nameservers those whose queries the sidecar answers
 */
export function fillVolume({ folder }: Volume, nameservers: readonly string[] = []): void {
  const files = {
    [volumeFiles.bootstrap]: bootstrap({ ...install, probes: [], stack: "dual", nameservers }),
    [volumeFiles.certificateSds]: certificateSds(),
    [volumeFiles.trustBundleSds]: trustBundleSds(),
  };
  for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), JSON.stringify(content));
  chmodSync(folder, 0o777);
}

/** Loads the pod's redirect rules, as its init container does. */
export function redirect(namespace: NetworkNamespace, nameservers: readonly string[] = []): void {
  namespace.loadRules(renderRuleset(redirectRules({ ...captureEverything, nameservers })));
}

/** Starts a pod's Envoy. */
export function startSidecar(
  namespace: NetworkNamespace,
  mounts: Readonly<Record<string, string>>,
  nodeId: string,
): Daemon {
  const flags = {
    "--config-path": join(volumeMountPath, volumeFiles.bootstrap),
    "--service-node": nodeId,
    "--service-cluster": "interop",
    "--log-level": "warning",
    "--concurrency": "1",
    // The rows wait for the log of the connections.
    "--file-flush-interval-msec": "50",
  };
  const args = [...Object.entries(flags).flat(), "--disable-hot-restart"];
  return startDaemon(...namespace.command({ uid: proxyUid, mounts }, envoyBinary(), args), envoyModules());
}
