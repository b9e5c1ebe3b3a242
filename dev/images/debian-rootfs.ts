import { mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../command/run.ts";

/** Packages that only matter to a package manager, which these images do not have. */
const unwanted: readonly string[] = ["debconf", "dpkg", "install-info", "init-system-helpers", "perl-base", "tar"];

/**
 * Unpacks Debian packages with all that they depend on into a folder, for an image without a base to pull.
 * Nothing is configured: no maintainer script runs.
 */
export async function unpackDebian(packages: readonly string[], root: string): Promise<void> {
  const downloads = await mkdtemp(join(tmpdir(), "meshwright-debian-"));
  try {
    await run("apt-get", ["update", "-q"]);
    // apt-get's own download user cannot write into a folder of root; downloading as root is what we want here.
    const sandbox = ["-o", "APT::Sandbox::User=root"];
    await run("apt-get", [...sandbox, "download", ...(await closure(packages))], { cwd: downloads });
    await mergedUsr(root);
    for (const file of await readdir(downloads)) await unpack(join(downloads, file), root);
  } finally {
    await rm(downloads, { recursive: true, force: true });
  }
}

async function closure(packages: readonly string[]): Promise<readonly string[]> {
  const kinds = ["recommends", "suggests", "conflicts", "breaks", "replaces", "enhances"].map((kind) => `--no-${kind}`);
  const output = await run("apt-cache", ["depends", "--recurse", ...kinds, ...packages]);
  const names = output.split("\n").filter((line) => /^[a-z0-9]/.test(line));
  return [...new Set(names)].filter((name) => !unwanted.includes(name)).toSorted();
}

/** Debian 12 has /bin, /lib and /sbin in /usr; packages still carry files under either name. */
async function mergedUsr(root: string): Promise<void> {
  for (const dir of ["bin", "lib", "lib64", "sbin"]) {
    await mkdir(join(root, "usr", dir), { recursive: true });
    await symlink(`usr/${dir}`, join(root, dir));
  }
  await mkdir(join(root, "tmp"), { mode: 0o777 });
}

async function unpack(archive: string, root: string): Promise<void> {
  const script =
    'dpkg-deb --fsys-tarfile "$1" | tar -x --keep-directory-symlink -C "$2" --exclude=./usr/share/doc --exclude=./usr/share/man --exclude=./usr/share/locale';
  await run("bash", ["-o", "pipefail", "-c", script, "bash", archive, root]);
}
