import { execFile } from "node:child_process";
import { mkdir, readFile, realpath, rmdir } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { VolumeError } from "./volume-error.ts";

const run = promisify(execFile);

/** A few files of a few kilobytes; nothing in it is run, and it never swaps more than it holds. */
const options = "size=1m,mode=0755,nosuid,nodev,noexec";

/** Shown in the node's mount table, so that people know whose it is. */
const source = "meshwright";

/**
 * Mounts a tmpfs, making the folder; one that is mounted already is kept.
 *
 * Errors: VolumeError `MountFailed` with mount's own words.
 */
export async function ensureMounted(target: string): Promise<void> {
  await mkdir(target, { recursive: true, mode: 0o750 });
  // A link on the way would make us mount elsewhere; only root can have made one, but then it is not kubelet's path.
  if ((await realpath(dirname(target))) !== dirname(target))
    throw new VolumeError("InvalidArgument", `cannot mount "${target}": its folder is a symbolic link`);
  if (await isMounted(target)) return;
  await command("mount", ["-t", "tmpfs", "-o", options, source, target]);
}

/**
 * Unmounts and removes a folder; one that is not mounted or not there counts as done.
 *
 * Errors: VolumeError `MountFailed` with umount's own words.
 */
export async function ensureUnmounted(target: string): Promise<void> {
  // More than one mount on top of each other can only come from somebody else; all of them hide kubelet's folder.
  while (await isMounted(target)) await command("umount", [target]);
  await rmdir(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}

/** Reads the kernel's own table. Source: https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html */
export async function isMounted(target: string): Promise<boolean> {
  const table = await readFile("/proc/self/mountinfo", "utf8");
  return table.split("\n").some((line) => unescape(line.split(" ")[4] ?? "") === target);
}

/** Blanks and backslashes stand as octal numbers. */
function unescape(path: string): string {
  return path.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

async function command(name: string, args: readonly string[]): Promise<void> {
  try {
    await run(name, args);
  } catch (cause) {
    const said = cause instanceof Error && "stderr" in cause ? String(cause.stderr).trim() : String(cause);
    throw new VolumeError("MountFailed", `cannot ${name} "${args.at(-1)}": ${said}`, { cause });
  }
}
