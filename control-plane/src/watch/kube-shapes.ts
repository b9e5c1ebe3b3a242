import type { KubeObject } from "@meshwright/kube/types";

/** The fields of Kubernetes objects that the readers look at. Source: https://kubernetes.io/docs/reference/kubernetes-api/ */
export interface KubeService extends KubeObject {
  readonly spec?: {
    readonly type?: string;
    readonly clusterIP?: string;
    readonly externalName?: string;
    readonly clusterIPs?: readonly string[];
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly KubeServicePort[];
  };
}

export interface KubeServicePort {
  readonly name?: string;
  /** Default TCP. */
  readonly protocol?: string;
  readonly appProtocol?: string;
  readonly port: number;
  /** Default: the port itself. */
  readonly targetPort?: number | string;
}

export interface KubeEndpointSlice extends KubeObject {
  readonly addressType?: string;
  readonly ports?: readonly KubeSlicePort[] | null;
  readonly endpoints?: readonly KubeEndpoint[] | null;
}

export interface KubeSlicePort {
  readonly name?: string;
  readonly protocol?: string;
  readonly port?: number;
}

export interface KubeEndpoint {
  readonly addresses?: readonly string[];
  readonly conditions?: { readonly ready?: boolean; readonly terminating?: boolean };
  readonly targetRef?: {
    readonly kind?: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly uid?: string;
  };
  readonly zone?: string;
}

export interface KubePod extends KubeObject {
  readonly spec?: {
    readonly serviceAccountName?: string;
    readonly hostNetwork?: boolean;
    readonly initContainers?: readonly KubeContainer[];
    readonly containers?: readonly KubeContainer[];
  };
  readonly status?: { readonly phase?: string; readonly podIPs?: readonly { readonly ip?: string }[] };
}

export interface KubeContainer {
  readonly restartPolicy?: string;
  readonly ports?: readonly { readonly name?: string; readonly protocol?: string; readonly containerPort: number }[];
}

export interface KubeConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

export interface KubePeerAuthentication extends KubeObject {
  readonly spec?: {
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly mtls?: KubeMtls | null;
    readonly portLevelMtls?: Readonly<Record<string, KubeMtls | null>>;
  };
}

export interface KubeMtls {
  readonly mode?: string;
}
