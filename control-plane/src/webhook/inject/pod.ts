import { z } from "zod";

/** The part of a Pod that injection reads. Everything else stays as it is, since the answer is a patch. */
export interface Pod {
  readonly metadata: PodMetadata;
  readonly spec: PodSpec;
}

export interface PodMetadata {
  /** Absent or empty while the API server has yet to make it from `generateName`. */
  readonly name?: string;
  readonly generateName?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly { readonly kind: string; readonly name: string; readonly controller?: boolean }[];
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
  readonly imagePullSecrets?: readonly { readonly name?: string }[];
  readonly hostNetwork?: boolean;
  readonly os?: { readonly name: string };
  readonly terminationGracePeriodSeconds?: number;
}

export interface Container {
  readonly name: string;
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  readonly restartPolicy?: string;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly startupProbe?: Probe;
}

export interface Probe {
  readonly httpGet?: HttpGet;
  readonly timeoutSeconds?: number;
}

export interface HttpGet {
  readonly path?: string;
  readonly port: number | string;
  readonly host?: string;
  readonly scheme?: "HTTP" | "HTTPS";
  readonly httpHeaders?: readonly { readonly name: string; readonly value: string }[];
}

export interface Volume {
  readonly name: string;
  readonly csi?: { readonly driver: string; readonly volumeAttributes?: Readonly<Record<string, string>> };
}

const strings = z.record(z.string(), z.string());

const httpGet = z.object({
  path: z.string().exactOptional(),
  port: z.union([z.int(), z.string()]),
  host: z.string().exactOptional(),
  scheme: z.enum(["HTTP", "HTTPS"]).exactOptional(),
  httpHeaders: z.array(z.object({ name: z.string(), value: z.string() })).exactOptional(),
});

const probe = z.object({ httpGet: httpGet.exactOptional(), timeoutSeconds: z.int().exactOptional() });

const container = z.object({
  name: z.string(),
  ports: z.array(z.object({ name: z.string().exactOptional(), containerPort: z.int() })).exactOptional(),
  restartPolicy: z.string().exactOptional(),
  readinessProbe: probe.exactOptional(),
  livenessProbe: probe.exactOptional(),
  startupProbe: probe.exactOptional(),
});

const csi = z.object({ driver: z.string(), volumeAttributes: strings.exactOptional() });

const ownerReference = z.object({ kind: z.string(), name: z.string(), controller: z.boolean().exactOptional() });

/** Reads the fields above and drops all others. */
export const podSchema: z.ZodType<Pod> = z.object({
  metadata: z.object({
    name: z.string().exactOptional(),
    generateName: z.string().exactOptional(),
    labels: strings.exactOptional(),
    annotations: strings.exactOptional(),
    ownerReferences: z.array(ownerReference).exactOptional(),
  }),
  spec: z.object({
    containers: z.array(container),
    initContainers: z.array(container).exactOptional(),
    volumes: z.array(z.object({ name: z.string(), csi: csi.exactOptional() })).exactOptional(),
    imagePullSecrets: z.array(z.object({ name: z.string().exactOptional() })).exactOptional(),
    hostNetwork: z.boolean().exactOptional(),
    os: z.object({ name: z.string() }).exactOptional(),
    terminationGracePeriodSeconds: z.int().exactOptional(),
  }),
});

/** Name for messages: the one that the API server will make it from, while there is none. */
export function podName(pod: Pod): string {
  return pod.metadata.name || `${pod.metadata.generateName ?? ""}*`;
}
