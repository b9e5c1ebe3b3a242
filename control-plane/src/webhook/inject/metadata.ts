import { annotations, labels, meshTlsMode } from "@meshwright/contract/labels";
import { canonicalName, canonicalRevision } from "@meshwright/contract/workload-labels";
import { sidecarName, volumeName } from "./names.ts";
import type { Pod } from "./pod.ts";
import type { PodSettings } from "./pod-settings.ts";
import { scrapeAnnotations, scraping } from "./scraping.ts";

type Strings = Readonly<Record<string, string>>;

/** What the injector added. */
export interface AddedParts {
  readonly initContainers: readonly string[];
  readonly containers: readonly string[];
  readonly imagePullSecrets: readonly string[];
}

/** The same in the form in which Istio's tools read it from `sidecar.istio.io/status`. */
interface InjectionStatus extends AddedParts {
  readonly volumes: readonly string[];
  readonly revision: string;
}

/**
 * Labels to add. What the user set stays: `security.istio.io/tlsMode: disabled` keeps clients on plaintext. A gateway's
 * own ports are not behind a sidecar, so that nothing is said about them.
 */
export function addedLabels(pod: Pod, { template }: PodSettings): Strings {
  return without(pod.metadata.labels, {
    ...(template === "sidecar" && { [labels.tlsMode]: meshTlsMode }),
    [labels.canonicalName]: canonicalName(pod.metadata),
    [labels.canonicalRevision]: canonicalRevision(pod.metadata),
  });
}

/**
 * Annotations to set: what is about the injection itself always, where metrics are if the sidecar tells of the application's
 * too, and defaults for tools where the user set none.
 */
export function addedAnnotations(pod: Pod, settings: PodSettings, added: AddedParts): Strings {
  const { initContainers, containers, imagePullSecrets } = added;
  const volumes = [volumeName, ...settings.volumes.map(({ name }) => name)];
  const { revision } = settings;
  const status: InjectionStatus = { initContainers, containers, volumes, imagePullSecrets, revision };
  return {
    ...without(pod.metadata.annotations, defaultContainer(pod)),
    ...(scraping(pod, settings).kind === "merged" && scrapeAnnotations),
    [annotations.revision]: revision,
    [annotations.status]: JSON.stringify(status),
  };
}

/** kubectl logs and exec mean the application unless told otherwise. */
function defaultContainer(pod: Pod): Strings {
  const application = pod.spec.containers.find(({ name }) => name !== sidecarName);
  if (application === undefined) return {};
  return {
    "kubectl.kubernetes.io/default-container": application.name,
    "kubectl.kubernetes.io/default-logs-container": application.name,
  };
}

function without(existing: Strings | undefined, added: Strings): Strings {
  return Object.fromEntries(Object.entries(added).filter(([name]) => existing?.[name] === undefined));
}
