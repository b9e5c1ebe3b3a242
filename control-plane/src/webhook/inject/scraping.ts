import { ports } from "@meshwright/contract/ports";
import type { Pod } from "./pod.ts";
import type { PodSettings } from "./pod-settings.ts";

/** Annotations by which a pod says to Prometheus where its metrics are. */
const names = {
  scrape: "prometheus.io/scrape",
  port: "prometheus.io/port",
  path: "prometheus.io/path",
  scheme: "prometheus.io/scheme",
} as const;

/** Where the application has metrics of its own, in the form of `ISTIO_PROMETHEUS_ANNOTATIONS`. */
export interface ApplicationScrape {
  readonly scrape: "true";
  readonly path: string;
  readonly port: string;
}

/** Who is asked for a pod's metrics. */
export type Scraping =
  /** Whom the pod's annotations name, if anybody. */
  | { readonly kind: "asAnnotated"; readonly warning?: string }
  /** The sidecar, which asks the application where that has metrics too. */
  | { readonly kind: "merged"; readonly application?: ApplicationScrape };

/** Port and path of an application that says only that it has metrics. Source: Istio, pilot-agent's status server */
const defaults = { port: "80", path: "/metrics" } as const;

/** Ports where the sidecar's own metrics are: who names one has nothing of his own. */
const sidecars: readonly string[] = [`${ports.mergedMetrics}`, `${ports.stats}`];

/** Decides who is asked for a pod's metrics. Source: https://istio.io/latest/docs/ops/integrations/prometheus/#option-1-metrics-merging */
export function scraping(pod: Pod, { mergesMetrics }: PodSettings): Scraping {
  const annotations = pod.metadata.annotations ?? {};
  const { scrape, port, path, scheme } = names;
  if (!mergesMetrics || annotations[scrape]?.toLowerCase() === "false") return { kind: "asAnnotated" };
  const said = { port: annotations[port], path: annotations[path] };
  if (annotations[scrape] === undefined && said.port === undefined && said.path === undefined)
    return { kind: "merged" };
  const application = { port: said.port ?? defaults.port, path: absolute(said.path || defaults.path) };
  if (sidecars.includes(application.port)) return { kind: "merged" };
  const wrong = fault(application, annotations[scheme]);
  if (wrong !== undefined) return { kind: "asAnnotated", warning: wrong };
  return { kind: "merged", application: { scrape: "true", ...application } };
}

/** Warns of a pod whose metrics its sidecar cannot ask for. */
export function scrapingWarnings(pod: Pod, settings: PodSettings): readonly string[] {
  const scraped = scraping(pod, settings);
  return scraped.kind === "asAnnotated" && scraped.warning !== undefined ? [scraped.warning] : [];
}

/** Annotations that lead Prometheus to the sidecar; they take the place of the pod's own. */
export const scrapeAnnotations: Readonly<Record<string, string>> = {
  [names.scrape]: "true",
  [names.port]: `${ports.mergedMetrics}`,
  [names.path]: "/stats/prometheus",
};

function absolute(path: string): string {
  return path.startsWith("/") ? path : `/${path}`;
}

/** What the sidecar cannot ask, in words for the pod's user. */
function fault({ port, path }: Omit<ApplicationScrape, "scrape">, scheme = "http"): string | undefined {
  if (scheme !== "http") return leftAlone(names.scheme, scheme, "http");
  if (!isPort(port)) return leftAlone(names.port, port, "a port number");
  if (!/^\/[\x21\x23-\x5b\x5d-\x7e]{0,1023}$/.test(path)) return leftAlone(names.path, path, "a path as /metrics");
  return undefined;
}

function leftAlone(name: string, value: string, wanted: string): string {
  const shown = JSON.stringify(value.slice(0, 100));
  return `annotation "${name}" is ${shown}: the sidecar's metrics are not merged with the application's, and Prometheus is not led to them; set it to ${wanted}`;
}

function isPort(text: string): boolean {
  return /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535;
}
