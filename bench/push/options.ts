import { parseArgs } from "node:util";
import { count } from "../count.ts";
import { contenderNames } from "./contender.ts";
import type { Effort } from "./measure/cell.ts";
import { type PlanOptions, stageNames } from "./plan.ts";

export interface PushOptions {
  readonly plan: PlanOptions;
  readonly effort: Effort;
  readonly endpointsPerService: number;
  readonly namespaces: number;
  /** File that the figures are written to. */
  readonly out: string;
  /** Folder for CPU profiles of our processes; default none are taken. */
  readonly profile?: string;
}

/** What is measured when nothing is said, and what a quick look takes. */
const defaults = {
  full: {
    services: "500,1250",
    proxies: "100,300",
    "curve-services": "125,250",
    "curve-proxies": "1000",
    runs: "3",
    "settle-seconds": "10",
    "churn-seconds": process.env["CHURN_SECONDS"] ?? "600",
    changes: "50",
    added: "5",
    rollout: "50",
  },
  quick: {
    // As many as churn has changes: one that is taken back while it is debounced is never seen.
    services: "60",
    proxies: "4,8",
    "curve-services": "30",
    "curve-proxies": "12",
    runs: "1",
    "settle-seconds": "1",
    "churn-seconds": "3",
    changes: "2",
    added: "1",
    rollout: "5",
  },
} as const;

/** Reads the command line. Errors: ends the process with code 2 and what to set. */
export function readOptions(args: readonly string[]): PushOptions {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: "boolean", default: false },
      contenders: { type: "string", default: contenderNames.join(",") },
      stages: { type: "string", default: stageNames.join(",") },
      services: text,
      proxies: text,
      "curve-services": text,
      "curve-proxies": text,
      endpoints: { type: "string", default: "4" },
      namespaces: { type: "string", default: "10" },
      runs: text,
      "settle-seconds": text,
      "churn-seconds": text,
      changes: text,
      added: text,
      rollout: text,
      out: { type: "string", default: ".build/bench/push.json" },
      profile: text,
    },
  });
  const given = { ...(values.quick ? defaults.quick : defaults.full), ...values };
  const number = (name: keyof typeof defaults.full): number => count(name, given[name]);
  return {
    plan: {
      contenders: given.contenders.split(",").map((text) => oneOf(contenderNames, "contenders", text)),
      services: counts("services", given.services),
      proxies: counts("proxies", given.proxies),
      curveServices: counts("curve-services", given["curve-services"]),
      curveProxies: counts("curve-proxies", given["curve-proxies"]),
      stages: given.stages === "" ? [] : given.stages.split(",").map((text) => oneOf(stageNames, "stages", text)),
    },
    effort: {
      runs: number("runs"),
      settleMs: number("settle-seconds") * 1_000,
      churnSeconds: number("churn-seconds"),
      endpointPairs: number("changes"),
      servicesAdded: number("added"),
      rolloutPods: number("rollout"),
    },
    endpointsPerService: count("endpoints", given.endpoints),
    namespaces: count("namespaces", given.namespaces),
    out: given.out,
    ...(given.profile === undefined ? {} : { profile: given.profile }),
  };
}

/** Nothing, or numbers. */
function counts(option: string, text: string): readonly number[] {
  return text === "" ? [] : text.split(",").map((each) => count(option, each));
}

function oneOf<Name extends string>(names: readonly Name[], option: string, text: string): Name {
  const name = names.find((each) => each === text);
  if (name !== undefined) return name;
  console.error(`cannot run the benchmark: --${option} has "${text}", name ${names.join(", ")}`);
  process.exit(2);
}
