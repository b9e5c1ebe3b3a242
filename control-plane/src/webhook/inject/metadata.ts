import { annotations, labels, meshTlsMode } from "@meshwright/contract/labels";
import { ports } from "@meshwright/contract/ports";
import { canonicalName, canonicalRevision } from "./canonical.ts";
import { redirectName, sidecarName, volumeName } from "./names.ts";
import type { Pod } from "./pod.ts";

type Strings = Readonly<Record<string, string>>;

/** What the injector added, in the form in which Istio's tools read it from `sidecar.istio.io/status`. */
interface InjectionStatus {
  readonly initContainers: readonly string[];
  readonly containers: readonly string[];
  readonly volumes: readonly string[];
  readonly imagePullSecrets: readonly string[];
  readonly revision: string;
}

/** Labels to add. What the user set stays: `security.istio.io/tlsMode: disabled` keeps clients on plaintext. */
export function addedLabels(pod: Pod): Strings {
  return without(pod.metadata.labels, {
    [labels.tlsMode]: meshTlsMode,
    [labels.canonicalName]: canonicalName(pod),
    [labels.canonicalRevision]: canonicalRevision(pod),
  });
}

/** Annotations to set: what is about the injection itself always, and defaults for tools where the user set none. */
export function addedAnnotations(
  pod: Pod,
  revision: string,
  isNative: boolean,
  pullSecrets: readonly string[],
): Strings {
  const status: InjectionStatus = {
    initContainers: isNative ? [redirectName, sidecarName] : [redirectName],
    containers: isNative ? [] : [sidecarName],
    volumes: [volumeName],
    imagePullSecrets: pullSecrets,
    revision,
  };
  return {
    ...without(pod.metadata.annotations, { ...defaultContainer(pod), ...scraping(pod) }),
    [annotations.revision]: revision,
    [annotations.status]: JSON.stringify(status),
  };
}

/** kubectl logs and exec mean the application unless told otherwise. */
function defaultContainer(pod: Pod): Strings {
  const [application] = pod.spec.containers;
  if (application === undefined) return {};
  return {
    "kubectl.kubernetes.io/default-container": application.name,
    "kubectl.kubernetes.io/default-logs-container": application.name,
  };
}

/** A pod that says anything about scraping is scraped as it says: its port and path go together. */
function scraping(pod: Pod): Strings {
  const names = Object.keys(pod.metadata.annotations ?? {});
  if (names.some((name) => name.startsWith("prometheus.io/"))) return {};
  return {
    "prometheus.io/scrape": "true",
    "prometheus.io/port": `${ports.mergedMetrics}`,
    "prometheus.io/path": "/stats/prometheus",
  };
}

function without(existing: Strings | undefined, added: Strings): Strings {
  return Object.fromEntries(Object.entries(added).filter(([name]) => existing?.[name] === undefined));
}
