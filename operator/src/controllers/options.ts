import { parseArgs } from "node:util";
import { ports } from "@meshwright/contract/ports";
import { z } from "zod";

const address = z
  .string()
  .regex(/^\S+:\d+$/, "host:port")
  .transform((text) => {
    const colon = text.lastIndexOf(":");
    // An IPv6 address stands in brackets, as in a URL.
    const host = text.slice(0, colon).replace(/^\[(.*)\]$/, "$1");
    return { host, port: Number(text.slice(colon + 1)) };
  });

const schema = z.object({
  registry: z.string().min(1).optional(),
  versionsFile: z.string().min(1).optional(),
  namespace: z.string().min(1),
  instance: z.string().min(1),
  version: z.string().min(1),
  logLevel: z.enum(["debug", "info", "warn", "error"]),
  monitoringPort: z.coerce.number().int().min(0).max(65_535),
  webhookAddress: address.optional(),
  debugAddress: address.optional(),
  debugTokenFile: z.string().min(1),
});

/** What the operator process is started with. */
export type Options = z.infer<typeof schema>;

const flags = {
  /** Registry and path of the mesh's images, where an install names none; default: those of the operator's own image. */
  registry: { type: "string" },
  /** File with the catalogue of versions, as operator/versions.yaml; default: the operator's own. */
  "versions-file": { type: "string" },
  "log-level": { type: "string", default: "info" },
  "monitoring-port": { type: "string", default: String(ports.monitoring) },
  /** host:port at which to reach the injection webhook, for an operator that runs outside the cluster. */
  "webhook-address": { type: "string" },
  /** host:port at which to reach the debug port of every replica of a control plane, for such an operator. */
  "debug-address": { type: "string" },
  /** File with a token of the operator's own service account for the audience meshwright-debug. */
  "debug-token-file": { type: "string", default: "/var/run/secrets/meshwright/debug-token" },
} as const;

/**
 * Reads flags and environment (POD_NAME, POD_NAMESPACE by the downward API, MESHWRIGHT_VERSION by the image).
 * Errors: throws on an unknown flag or a value out of its range, naming it.
 */
export function readOptions(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Options {
  const { values } = parseArgs({ args: [...args], options: flags });
  const parsed = schema.safeParse({
    registry: values.registry,
    versionsFile: values["versions-file"],
    namespace: env["POD_NAMESPACE"] ?? "meshwright-operator",
    instance: env["POD_NAME"] ?? `outside-${process.pid}`,
    version: env["MESHWRIGHT_VERSION"] ?? "development",
    logLevel: values["log-level"],
    monitoringPort: values["monitoring-port"],
    webhookAddress: values["webhook-address"],
    debugAddress: values["debug-address"],
    debugTokenFile: values["debug-token-file"],
  });
  if (parsed.success) return parsed.data;
  throw new Error(`cannot start the operator: ${z.prettifyError(parsed.error)}`);
}
