import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { istiodHost, startIstiod } from "../../istio/istiod.ts";
import { nodeMetadata } from "../../istio/node-metadata.ts";
import type { Contender, ContenderName, ControlPlane } from "../contender.ts";
import type { Site } from "./site.ts";

export interface IstioOptions extends Site {
  readonly binary: string;
}

/** By default istiod takes 25 new proxies a second on two cores, and pushes to as many at once. */
const raised = { PILOT_PUSH_THROTTLE: "1000", PILOT_MAX_REQUESTS_PER_SECOND: "10000" } as const;

/** By default it waits for 100 ms of quiet and for 10 s at most, with endpoints too. */
const quick = {
  ...raised,
  PILOT_DEBOUNCE_AFTER: "10ms",
  PILOT_DEBOUNCE_MAX: "100ms",
  PILOT_ENABLE_EDS_DEBOUNCE: "false",
} as const;

const environments = { istio: {}, "istio-raised": raised, "istio-quick": quick } as const;

/** Istio's control plane. */
export function istio(name: Exclude<ContenderName, "meshwright">, options: IstioOptions): Contender {
  return { name, start: () => start(options, environments[name]), metadata: nodeMetadata };
}

async function start(
  { binary, kubeconfig, folder, authorityFolder, authority }: IstioOptions,
  environment: Readonly<Record<string, string>>,
): Promise<ControlPlane> {
  const own = mkdtempSync(join(folder, "istiod-"));
  const { daemon, address } = await startIstiod({
    binary,
    kubeconfig,
    folder: own,
    authority: authorityFolder,
    environment,
  });
  // Its agent in the pod answers for secrets.
  const target = { serverName: istiodHost, roots: authority.rootsPem, secrets: [] };
  const port = Number(address.slice(address.lastIndexOf(":") + 1));
  return { pid: daemon.pid, target: { ...target, port }, [Symbol.asyncDispose]: () => daemon.stop() };
}
