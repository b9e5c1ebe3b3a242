import type { CaptureAttribute } from "@meshwright/contract/capture-attribute";
import type { MeshConfig, ProxyConfig, Resources } from "@meshwright/contract/mesh-config";
import type { Template } from "./annotations/templates.ts";
import type { UserMount, UserVolume } from "./annotations/user-volume.ts";

/** When kubelet asks the proxy whether it is ready. */
export interface Readiness {
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
  readonly failureThreshold: number;
}

/** What one pod's proxy is made with: the mesh's settings, changed by the pod's annotations. */
export interface PodSettings {
  readonly revision: string;
  readonly clusterDomain: string;
  readonly template: Template;
  /** Who loads the redirect rules of a sidecar; a gateway has none. */
  readonly redirect: MeshConfig["redirect"];
  readonly proxy: ProxyConfig;
  /** The mesh's own image, also where the pod's proxy has another, which need not hold what loads the redirect rules. */
  readonly redirectImage: string;
  /** Undefined until an annotation names a resource. */
  readonly annotatedResources?: Resources;
  readonly componentLogLevel: string;
  readonly readiness: Readiness;
  /** Whether the sidecar is an init container with `restartPolicy: Always`. */
  readonly isNative: boolean;
  /** Whether a sidecar that is a plain container keeps those after it from starting until it is ready. */
  readonly holdApplication: boolean;
  readonly rewritesProbes: boolean;
  /** Whether Prometheus is led to the sidecar, which tells the application's metrics with its own. */
  readonly mergesMetrics: boolean;
  /** Whether the sidecar answers the mesh's own names. */
  readonly capturesDns: boolean;
  /** What else is captured: the annotations `traffic.sidecar.istio.io/*`. */
  readonly capture: Omit<CaptureAttribute, "dns">;
  readonly volumes: readonly UserVolume[];
  readonly mounts: readonly UserMount[];
}

/** The settings of a pod without annotations. */
export function defaultPodSettings(mesh: MeshConfig, nativeSidecars: boolean): PodSettings {
  return {
    revision: mesh.revision,
    clusterDomain: mesh.clusterDomain,
    template: "sidecar",
    redirect: mesh.redirect,
    proxy: mesh.proxy,
    redirectImage: mesh.proxy.image,
    componentLogLevel: "misc:error",
    readiness: { initialDelaySeconds: 0, periodSeconds: 15, failureThreshold: 4 },
    isNative: nativeSidecars,
    holdApplication: true,
    rewritesProbes: true,
    mergesMetrics: mesh.enablePrometheusMerge ?? true,
    capturesDns: mesh.proxy.dnsCapture,
    capture: {},
    volumes: [],
    mounts: [],
  };
}
