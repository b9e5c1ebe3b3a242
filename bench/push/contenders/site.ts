import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Authority, readAuthority } from "@meshwright/pki/authority";
import { createRoot } from "@meshwright/pki/root";

/** What the control planes of a benchmark are started before and with. */
export interface Site {
  readonly kubeconfig: string;
  /** For files of theirs. */
  readonly folder: string;
  /** Folder with `tls.crt`, `tls.key` and `ca.crt`: the authority that both are given. */
  readonly authorityFolder: string;
  readonly authority: Authority;
}

/** Makes the authority. One for all, so that clients have one certificate whatever they connect to. */
export async function createSite(kubeconfig: string, folder: string): Promise<Site> {
  const files = await createRoot({ now: new Date(), organization: "bench" });
  const authorityFolder = join(folder, "authority");
  mkdirSync(authorityFolder);
  writeFileSync(join(authorityFolder, "tls.crt"), files.certificatePem);
  writeFileSync(join(authorityFolder, "tls.key"), files.keyPem);
  writeFileSync(join(authorityFolder, "ca.crt"), files.rootsPem);
  return { kubeconfig, folder, authorityFolder, authority: readAuthority(files) };
}
