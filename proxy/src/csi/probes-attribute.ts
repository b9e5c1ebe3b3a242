import type { ProbeRoute } from "@meshwright/contract/probe-route";
import { z } from "zod";

const maxProbes = 64;

const target = {
  path: z
    .string()
    .regex(
      /^(\/app-health\/[a-z0-9-]{1,63}\/(livez|readyz|startupz)|\/app-lifecycle\/[a-z0-9-]{1,63}\/(poststartz|prestopz))$/,
    ),
  port: z.int().min(1).max(65_535),
  timeoutSeconds: z.int().min(1).max(3600),
};

const http = z.strictObject({
  kind: z.literal("http"),
  ...target,
  scheme: z.enum(["HTTP", "HTTPS"]),
  targetPath: z
    .string()
    .max(1024)
    .regex(/^\/[\x21-\x7e]*$/),
});
const tcp = z.strictObject({ kind: z.literal("tcp"), ...target });
const grpc = z.strictObject({
  kind: z.literal("grpc"),
  ...target,
  service: z
    .string()
    .max(1024)
    .regex(/^[\x20-\x7e]*$/),
});

/** What the first injectors wrote has no kind: they rewrote only `httpGet`. */
function withKind(route: unknown): unknown {
  return typeof route === "object" && route !== null && !("kind" in route) ? { kind: "http", ...route } : route;
}

/** The volume attribute `probes`. */
export const probesAttribute: z.ZodType<readonly ProbeRoute[]> = z
  .array(z.preprocess(withKind, z.discriminatedUnion("kind", [http, tcp, grpc])))
  .max(maxProbes);
