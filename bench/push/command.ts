import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { istiodBinary } from "@meshwright/dev/binaries/istiod.ts";
import { bundle } from "@meshwright/dev/images/bundle.ts";
import { NetworkNamespace } from "@meshwright/testing/network-namespace";
import { readOptions } from "./options.ts";

/**
 * `make bench B=push`: our control plane beside istiod, with proxies that are like Envoys on the wire. Everything runs in a
 * network namespace of its own, since the ports of our control plane are fixed and others on the machine may have them.
 */
export async function measurePush(args: readonly string[]): Promise<void> {
  const { plan } = readOptions(args);
  const programs = { meshd: join(await bundle("meshd"), "main.mjs"), istiod: await istiodFor(plan.contenders) };
  using namespace = new NetworkNamespace(`mw-push-${process.pid}`);
  const inside = join(import.meta.dirname, "inside.ts");
  const [command, line] = namespace.command({ uid: 0 }, process.execPath, [inside, JSON.stringify(programs), ...args]);
  const child = spawn(command, line, { stdio: "inherit" });
  // The terminal tells the child too; the namespace is removed when that has ended.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  await once(child, "exit");
  process.exitCode = child.exitCode ?? 1;
}

async function istiodFor(contenders: readonly string[]): Promise<string | undefined> {
  if (contenders.every((name) => name === "meshwright")) return undefined;
  const note = (what: string): void => console.error(`push: istiod: ${what}`);
  return await istiodBinary({ at: (_: number, detail = ""): void => note(detail), note });
}
