import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../command/run.ts";
import { cached } from "./cache.ts";

/** Returns the folder of Debian's Prometheus, as it is packaged, downloaded once; nothing is installed. */
export function prometheusFolder(): Promise<string> {
  return cached("prometheus-debian12", fetchPrometheus);
}

async function fetchPrometheus(target: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "meshwright-prometheus-"));
  try {
    await run("apt-get", ["update", "-q"]);
    // apt-get's own download user cannot write into a folder of root.
    await run("apt-get", ["-o", "APT::Sandbox::User=root", "download", "prometheus"], { cwd: work });
    const [archive = ""] = await readdir(work);
    const script = 'dpkg-deb --fsys-tarfile "$1" | tar -x -O ./usr/bin/prometheus >"$2" && chmod 755 "$2"';
    const args = ["-o", "pipefail", "-c", script, "bash", join(work, archive), join(target, "prometheus")];
    await run("bash", args);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
