import { parseDocument, stringify } from "yaml";
import { z } from "zod";
import type { MeshConfig, Resources } from "./mesh-config.ts";

/** One thing wrong with `mesh.yaml`, in words that name the field, the value and the fix. */
export interface MeshConfigProblem {
  /** Path of the field, as `proxy.drainSeconds`; empty when the document itself is wrong. */
  readonly field: string;
  readonly message: string;
}

export type ParsedMeshConfig =
  | { readonly kind: "valid"; readonly config: MeshConfig }
  | { readonly kind: "invalid"; readonly problems: readonly MeshConfigProblem[] };

/** RFC 1123 subdomain, which trust domains and cluster domains both are. */
const domain = z.string().regex(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, "a DNS name in lower case, as cluster.local");
const label = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, "a DNS label in lower case, as default");
const quantities = z.record(z.string(), z.string());

const resources: z.ZodType<Resources> = z.strictObject({
  requests: quantities.exactOptional(),
  limits: quantities.exactOptional(),
});

const schema: z.ZodType<MeshConfig> = z.strictObject({
  revision: label,
  trustDomain: domain,
  clusterDomain: domain,
  mtls: z.enum(["Strict", "Permissive"]),
  outboundTrafficPolicy: z.enum(["AllowAny", "RegistryOnly"]),
  accessLog: z.boolean(),
  accessLogFormat: z.string().min(1).exactOptional(),
  enablePrometheusMerge: z.boolean().exactOptional(),
  workloadCertificateLifetimeSeconds: z
    .int()
    .min(60)
    .max(90 * 24 * 60 * 60),
  redirect: z.enum(["init", "cni"]),
  proxy: z.strictObject({
    image: z.string().min(1),
    imagePullPolicy: z.enum(["Always", "IfNotPresent", "Never"]),
    imagePullSecrets: z.array(z.string().min(1)),
    resources,
    logLevel: z.enum(["trace", "debug", "info", "warning", "error", "critical", "off"]),
    drainSeconds: z.int().min(0).max(3600),
    concurrency: z.int().min(1).max(1024).exactOptional(),
    dnsCapture: z.boolean(),
  }),
});

/**
 * Parses `mesh.yaml`. Strict: a missing or an unknown field is a problem, since the operator writes every field and a
 * setting that is silently dropped is one that silently does not hold.
 */
export function parseMeshConfig(text: string): ParsedMeshConfig {
  const document = parseDocument(text);
  const [syntax] = document.errors;
  if (syntax !== undefined)
    return invalid([{ field: "", message: `mesh.yaml is not YAML: ${firstLine(syntax.message)}` }]);
  const value: unknown = document.toJS();
  const parsed = schema.safeParse(value, { reportInput: true });
  return parsed.success ? { kind: "valid", config: parsed.data } : invalid(parsed.error.issues.map(problem));
}

/** Renders the settings as `mesh.yaml`: the same settings give the same bytes. */
export function renderMeshConfig(config: MeshConfig): string {
  return stringify(config, { sortMapEntries: true, lineWidth: 0 });
}

function invalid(problems: readonly MeshConfigProblem[]): ParsedMeshConfig {
  return { kind: "invalid", problems };
}

function problem(issue: z.core.$ZodIssue): MeshConfigProblem {
  const field = issue.path.join(".");
  const value = issue.input === undefined ? "missing" : JSON.stringify(issue.input);
  if (issue.code === "unrecognized_keys") return { field, message: unknownKeys(field, issue.keys) };
  return { field, message: `${field || "mesh.yaml"} is ${value}: set it to ${wanted(issue)}` };
}

function unknownKeys(field: string, keys: readonly string[]): string {
  const names = keys.toSorted().map((key) => `"${key}"`);
  return `${field || "mesh.yaml"} has unknown fields ${names.join(", ")}: remove them`;
}

/** What the field takes, in words. */
function wanted(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") return `a value of type ${issue.expected}`;
  if (issue.code === "invalid_value") return `one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
  if (issue.code === "too_small") return `at least ${String(issue.minimum)}`;
  if (issue.code === "too_big") return `at most ${String(issue.maximum)}`;
  return issue.message;
}

function firstLine(text: string): string {
  return text.split("\n", 1).join("");
}
