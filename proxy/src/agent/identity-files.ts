import { createHash } from "node:crypto";
import { chmod, chown, lstat, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { proxyUid, volumeFiles } from "@meshwright/contract/volume";

/** What the proxy proves itself by, and verifies the control plane by. All PEM. */
export interface IdentityFiles {
  readonly certificatePem: string;
  readonly keyPem: string;
  readonly rootsPem: string;
}

const fileNames = { certificatePem: "tls.crt", keyPem: "tls.key", rootsPem: "ca.crt" } as const;
const link = "..data";

/**
 * Writes the files of an identity so that a reader sees either all old or all new ones, as kubelet does for Secrets:
 * they stand in a folder of their own, `..data` links to it, and renaming the link swaps it. Envoy watches the folder for
 * that rename.
 *
 * Guarantees: after a crash at any point the old identity is whole; what is left over goes with the next write.
 */
export async function writeIdentity(dir: string, files: IdentityFiles): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o755 });
  const version = `..${digest(files)}`;
  await writeVersion(join(dir, version), files);
  await rm(join(dir, `${link}_tmp`), { force: true });
  await symlink(version, join(dir, `${link}_tmp`));
  await rename(join(dir, `${link}_tmp`), join(dir, link));
  for (const name of Object.values(fileNames)) await ensureLink(join(dir, name), join(link, name));
  await removeOldVersions(dir, version);
}

/** Reads an identity back; undefined when it is not there as a whole. */
export async function readIdentity(dir: string): Promise<IdentityFiles | undefined> {
  try {
    const read = (name: string): Promise<string> => readFile(join(dir, link, name), "utf8");
    const { certificatePem, keyPem, rootsPem } = fileNames;
    const [certificate, key, roots] = await Promise.all([read(certificatePem), read(keyPem), read(rootsPem)]);
    return { certificatePem: certificate, keyPem: key, rootsPem: roots };
  } catch {
    return undefined;
  }
}

/** Whether a volume holds an identity, be it expired. */
export async function holdsIdentity(volumeDir: string): Promise<boolean> {
  return (await readIdentity(join(volumeDir, volumeFiles.identityDir))) !== undefined;
}

async function writeVersion(dir: string, files: IdentityFiles): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o755 });
  await writeFile(join(dir, fileNames.certificatePem), files.certificatePem, { mode: 0o444 });
  await writeFile(join(dir, fileNames.rootsPem), files.rootsPem, { mode: 0o444 });
  const keyPath = join(dir, fileNames.keyPem);
  await writeFile(keyPath, files.keyPem, { mode: 0o400 });
  await chmod(keyPath, 0o400); // the mode above is only that of a new file
  await chown(keyPath, proxyUid, proxyUid);
}

async function ensureLink(path: string, target: string): Promise<void> {
  if ((await lstat(path).catch(() => undefined)) === undefined) await symlink(target, path);
}

async function removeOldVersions(dir: string, version: string): Promise<void> {
  const isOld = (name: string): boolean => name.startsWith("..") && name !== version && name !== link;
  const old = (await readdir(dir)).filter(isOld);
  await Promise.all(old.map((name) => rm(join(dir, name), { recursive: true, force: true })));
}

/** The same identity has the same folder, so that writing it again changes nothing. */
function digest(files: IdentityFiles): string {
  return createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 16);
}
