import { existsSync, globSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { clusterCgroup, nodeCgroup } from "./node-config.ts";
import type { Node } from "./topology.ts";

const mount = "/sys/fs/cgroup";

/** A cgroup v2 machine has one hierarchy at the mount itself, a v1 machine one below it per controller. */
function hierarchies(): readonly string[] {
  if (existsSync(join(mount, "cgroup.controllers"))) return [mount];
  return readdirSync(mount)
    .map((name) => join(mount, name))
    .filter((dir) => existsSync(join(dir, "cgroup.procs")));
}

/**
 * The hierarchy whose membership says that a process is the cluster's. On v1 `pids`, since moving the processes in
 * `memory` would take them out of the account of whoever started us.
 */
function ownershipHierarchy(): string {
  return existsSync(join(mount, "cgroup.controllers")) ? mount : join(mount, "pids");
}

/** File to which a process writes its id to become the cluster's. */
export function ownershipFile(): string {
  return join(ownershipHierarchy(), clusterCgroup, "system", "cgroup.procs");
}

/** Makes the cgroup that owns the cluster's processes, and each node's in every hierarchy. */
export async function createCgroups(nodes: readonly Node[]): Promise<void> {
  await mkdir(join(ownershipHierarchy(), clusterCgroup, "system"), { recursive: true });
  for (const hierarchy of hierarchies()) {
    await makeGroup(hierarchy, clusterCgroup);
    for (const node of nodes) await makeGroup(hierarchy, nodeCgroup(node.name));
  }
}

async function makeGroup(hierarchy: string, group: string): Promise<void> {
  const dir = join(hierarchy, group);
  await mkdir(dir, { recursive: true });
  // cgroup v1: a new cpuset is empty, and takes no process until it is filled.
  for (const file of ["cpuset.cpus", "cpuset.mems"]) copyIfThere(join(hierarchy, file), join(dir, file));
  delegate(hierarchy);
  delegate(dir);
}

function copyIfThere(from: string, to: string): void {
  if (hierarchies().includes(mount) || !existsSync(from) || !existsSync(to)) return;
  writeFileSync(to, readFileSync(from));
}

/** cgroup v2: children get the controllers that their parent hands down. */
function delegate(dir: string): void {
  const controllers = join(dir, "cgroup.controllers");
  if (!hierarchies().includes(mount) || !existsSync(controllers)) return;
  const names = readFileSync(controllers, "utf8").trim().split(" ");
  writeFileSync(join(dir, "cgroup.subtree_control"), names.map((name) => `+${name}`).join(" "));
}

/** Ids of the processes in the cluster's cgroups, in any hierarchy: components, shims and containers. */
export function clusterProcesses(): readonly number[] {
  const files = clusterGroups().map((dir) => join(dir, "cgroup.procs"));
  return [...new Set(files.flatMap((file) => readFileSync(file, "utf8").split("\n")))].filter(Boolean).map(Number);
}

/** Removes the cluster's cgroups, which must hold no process any more. */
export function removeCgroups(): void {
  for (const dir of clusterGroups()) rmdirSync(dir);
}

/** The cluster's cgroups, each after the ones below it. */
export function clusterGroups(): readonly string[] {
  const roots = hierarchies().map((hierarchy) => join(hierarchy, clusterCgroup));
  return roots
    .filter((root) => existsSync(root))
    .flatMap((root) => [root, ...globSync(`${root}/**/`).map((dir) => dir.replace(/\/$/, ""))])
    .filter((dir, index, all) => all.indexOf(dir) === index)
    .toSorted((a, b) => b.length - a.length);
}
