import type { ProxyConfig, Resources } from "@meshwright/contract/mesh-config";
import type { HttpGet } from "./pod.ts";

/** A container as we write it: every field that we set, and no other. */
export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy: ProxyConfig["imagePullPolicy"];
  /** Only on native sidecars, which stand among the init containers. */
  readonly restartPolicy?: "Always";
  readonly command: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly EnvVar[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number; readonly protocol: "TCP" }[];
  readonly startupProbe?: ProbeSpec;
  readonly readinessProbe?: ProbeSpec;
  readonly lifecycle?: Lifecycle;
  readonly resources: Resources;
  readonly securityContext: SecurityContext;
  readonly terminationMessagePolicy: "FallbackToLogsOnError";
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
}

export interface Lifecycle {
  readonly postStart?: CommandHook;
  readonly preStop: CommandHook;
}

interface CommandHook {
  readonly exec: { readonly command: readonly string[] };
}

/** A variable: from the downward API, or as it stands. */
export type EnvVar =
  | { readonly name: string; readonly valueFrom: { readonly fieldRef: { readonly fieldPath: string } } }
  | { readonly name: string; readonly value: string };

export interface ProbeSpec {
  readonly httpGet: HttpGet;
  readonly initialDelaySeconds?: number;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
}

/** Every field is set, so that nothing of the pod's own security context reaches our containers. */
export interface SecurityContext {
  readonly runAsUser: number;
  readonly runAsGroup: number;
  readonly runAsNonRoot: boolean;
  readonly privileged: false;
  readonly allowPrivilegeEscalation: false;
  readonly readOnlyRootFilesystem: true;
  readonly capabilities: { readonly drop: readonly ["ALL"]; readonly add?: readonly string[] };
  readonly seccompProfile: { readonly type: "RuntimeDefault" };
}
