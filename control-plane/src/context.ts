import { parseArgs } from "node:util";
import type { KubeClient } from "@meshwright/kube/client";
import type { Logger } from "@meshwright/log/logger";
import type { Registry } from "@meshwright/metrics/registry";

/** What a process of the control plane does: serve proxies, or answer the API server about new pods. */
export type Role = "xds" | "injector";

export interface Flags {
  readonly role: Role;
  readonly revision: string;
  readonly namespace: string;
  readonly configMap: string;
  readonly caDir: string;
}

/** What every part of a process is given. */
export interface Context {
  readonly flags: Flags;
  readonly client: KubeClient;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly version: string;
  /** Ends everything but what is still served to others, which ends last. */
  readonly signal: AbortSignal;
}

/** How long new connections may still come after Kubernetes was told that this replica ends, in milliseconds. */
export const drainMs = 3_000;

/** Reads the command line. Errors: an Error that names the flag to set. */
export function readFlags(): Flags {
  const string = { type: "string" } as const;
  const { values } = parseArgs({
    options: { role: string, revision: string, namespace: string, "config-map": string, "ca-dir": string },
  });
  const required = (name: keyof typeof values): string => {
    const value = values[name];
    if (value === undefined || value === "") throw new Error(`cannot start meshd: set --${name}`);
    return value;
  };
  return {
    role: readRole(required("role")),
    revision: required("revision"),
    namespace: required("namespace"),
    configMap: required("config-map"),
    caDir: required("ca-dir"),
  };
}

function readRole(text: string): Role {
  if (text === "xds" || text === "injector") return text;
  throw new Error(`cannot start meshd: --role is ${JSON.stringify(text)}: set it to xds or injector`);
}
