import { parseDocument } from "yaml";
import { parseBoolean } from "./boolean.ts";
import { parseDuration } from "./duration.ts";
import { integer } from "./integer.ts";
import { invalid, type Parsed, valid } from "./parser.ts";

/** The part of Istio's ProxyConfig that has an effect here. */
export interface ProxyOptions {
  readonly concurrency?: number;
  readonly drainSeconds?: number;
  readonly holdApplicationUntilProxyStarts?: boolean;
  readonly dnsCapture?: boolean;
}

type Field = (text: string) => Parsed<ProxyOptions>;

/** One row per field that is obeyed. Source: https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#ProxyConfig */
const fields: Readonly<Record<string, Field>> = {
  concurrency: field(integer(0, 1024), (concurrency) => ({ concurrency })),
  drainDuration: field(parseDuration, (drainSeconds) => ({ drainSeconds })),
  // of both the later wins, which is this one: what ends a pod is what its users mean
  terminationDrainDuration: field(parseDuration, (drainSeconds) => ({ drainSeconds })),
  holdApplicationUntilProxyStarts: field(parseBoolean, (hold) => ({ holdApplicationUntilProxyStarts: hold })),
  // https://istio.io/latest/docs/ops/configuration/traffic-management/dns-proxy/
  "proxyMetadata.ISTIO_META_DNS_CAPTURE": field(parseBoolean, (dnsCapture) => ({ dnsCapture })),
};

/** Reads the annotation's YAML. A field that Istio knows and that has no effect here is a warning. */
export function parseProxyConfig(text: string): Parsed<ProxyOptions> {
  const entries = readEntries(text);
  if (entries === undefined) return invalid("YAML of ProxyConfig, as {concurrency: 2}");
  const known = entries.filter(([name]) => Object.hasOwn(fields, name));
  const inOrder = Object.entries(fields).flatMap(([name, read]) =>
    known.filter(([given]) => given === name).map(([, value]) => ({ name, parsed: read(scalar(value)) })),
  );
  let options: ProxyOptions = {};
  for (const { name, parsed } of inOrder) {
    if (parsed.kind === "invalid") return invalid(`a ProxyConfig whose ${name} is ${parsed.wanted}`);
    options = { ...options, ...parsed.value };
  }
  return valid(options, withoutEffect(entries));
}

function field<T>(parse: (text: string) => Parsed<T>, set: (value: T) => ProxyOptions): Field {
  return (text) => {
    const parsed = parse(text);
    return parsed.kind === "valid" ? valid(set(parsed.value)) : parsed;
  };
}

function withoutEffect(entries: readonly (readonly [string, unknown])[]): readonly string[] {
  return entries
    .filter(([name]) => !Object.hasOwn(fields, name))
    .map(([name]) => `${JSON.stringify(name.slice(0, 100))} has no effect in Meshwright: remove it`);
}

/** The document's fields, those of proxyMetadata as `proxyMetadata.NAME`. Aliases are refused: they can grow without bound. */
function readEntries(text: string): readonly (readonly [string, unknown])[] | undefined {
  const document = parseDocument(text, { schema: "core", uniqueKeys: true });
  if (document.errors.length > 0) return undefined;
  const top = mapEntries(toPlain(document));
  return top?.flatMap(([name, value]) =>
    name === "proxyMetadata"
      ? (mapEntries(value) ?? []).map(([key, inner]) => [`${name}.${key}`, inner] as const)
      : [[name, value] as const],
  );
}

function toPlain(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    return undefined;
  }
}

function mapEntries(value: unknown): readonly (readonly [string, unknown])[] | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : undefined;
}

/** As text, so that `2` and `"2"` mean the same, as in Istio. */
function scalar(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? `${value}` : "";
}
