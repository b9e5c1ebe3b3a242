import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { envoyBinary } from "../binaries/envoy.ts";
import { versions } from "../binaries/versions.ts";
import { buildImage, hasImage } from "./buildah.ts";
import { unpackDebian } from "./debian-rootfs.ts";
import { registry } from "./names.ts";

/** A base image assembled on this machine, where there is no registry to pull the public one from. */
interface LocalBase {
  readonly name: string;
  fill(root: string): Promise<void>;
}

/** Change it when a base's content changes: bases are built once per revision. */
const revision = "2";

const builder: LocalBase = {
  name: `${registry}/meshwright-local-builder:${revision}`,
  fill: (root) => unpackDebian(["gcc", "libc6-dev", "dash", "coreutils"], root),
};

const runtime: LocalBase = {
  name: `${registry}/meshwright-local-runtime:${revision}-node${process.versions.node}`,
  fill: fillRuntime,
};

const envoy: LocalBase = {
  name: `${registry}/meshwright-local-envoy:${versions.envoy}`,
  fill: fillEnvoy,
};

/** References of the local bases, for a Dockerfile's arguments; builds those that are missing. */
export async function localBases(): Promise<Readonly<Record<"BUILDER" | "BASE" | "ENVOY", string>>> {
  for (const base of [builder, runtime, envoy]) await ensure(base);
  return { BUILDER: builder.name, BASE: runtime.name, ENVOY: envoy.name };
}

async function ensure(base: LocalBase): Promise<void> {
  if (await hasImage(base.name)) return;
  const work = await mkdtemp(join(tmpdir(), "meshwright-base-"));
  try {
    const context = join(work, "root");
    const dockerfile = join(work, "Dockerfile");
    await mkdir(context);
    await base.fill(context);
    await writeFile(dockerfile, "FROM scratch\nCOPY . /\n");
    await buildImage({ name: base.name, dockerfile, context, args: {} });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** What node:24-slim has, plus what the proxy's init container and the node agent call. */
async function fillRuntime(root: string): Promise<void> {
  await unpackDebian(
    ["libc6", "libgcc-s1", "libstdc++6", "dash", "coreutils", "mount", "nftables", "util-linux"],
    root,
  );
  await install(process.execPath, root, "node");
}

async function fillEnvoy(root: string): Promise<void> {
  await install(await envoyBinary(), root, "envoy");
}

async function install(program: string, root: string, name: string): Promise<void> {
  const dir = join(root, "usr", "local", "bin");
  await mkdir(dir, { recursive: true });
  await copyFile(program, join(dir, name));
}
