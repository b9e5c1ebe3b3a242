import { readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { AuthorityFiles } from "@meshwright/pki/authority";

/**
 * Reads the issuing certificate, its key and the roots from a mounted Secret.
 * Kubelet changes all files of a Secret at once by renaming the link `..data`; reading through the folder behind it never
 * mixes two versions.
 *
 * Errors: rejects with the file system's error, which names the file.
 */
export async function readAuthorityFiles(dir: string): Promise<AuthorityFiles> {
  const version = await realpath(join(dir, "..data")).catch(() => dir);
  const read = (name: string): Promise<string> => readFile(join(version, name), "utf8");
  const [certificatePem, keyPem, rootsPem] = await Promise.all([read("tls.crt"), read("tls.key"), read("ca.crt")]);
  return { certificatePem, keyPem, rootsPem };
}
