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
  readonly ownerReferences?: readonly OwnerReference[];
}

export interface OwnerReference {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly name: string;
  readonly uid?: string;
  readonly controller?: boolean;
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
  readonly imagePullSecrets?: readonly { readonly name?: string }[];
  readonly hostNetwork?: boolean;
  readonly dnsPolicy?: string;
  readonly os?: { readonly name: string };
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly securityContext?: { readonly runAsUser?: number; readonly sysctls?: readonly { readonly name: string }[] };
  readonly terminationGracePeriodSeconds?: number;
}

/** Has at run time also the fields that are not listed: a container that the user declared for the proxy keeps them. */
export interface Container {
  readonly name: string;
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  readonly restartPolicy?: string;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly startupProbe?: Probe;
  readonly securityContext?: { readonly runAsUser?: number };
  readonly lifecycle?: { readonly postStart?: Handler; readonly preStop?: Handler };
}

/** What kubelet asks over the network; a call without any of these needs none. */
export interface Handler {
  readonly httpGet?: HttpGet;
  readonly tcpSocket?: TcpSocket;
  readonly grpc?: GrpcCall;
}

export interface Probe extends Handler {
  readonly timeoutSeconds?: number;
}

export interface TcpSocket {
  readonly port: number | string;
  readonly host?: string;
}

export interface GrpcCall {
  readonly port: number;
  readonly service?: string;
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

const handler = z.looseObject({
  httpGet: httpGet.exactOptional(),
  tcpSocket: z.object({ port: z.union([z.int(), z.string()]), host: z.string().exactOptional() }).exactOptional(),
  grpc: z.object({ port: z.int(), service: z.string().exactOptional() }).exactOptional(),
});

const probe = handler.extend({ timeoutSeconds: z.int().exactOptional() });

const container = z.looseObject({
  name: z.string(),
  ports: z.array(z.looseObject({ name: z.string().exactOptional(), containerPort: z.int() })).exactOptional(),
  restartPolicy: z.string().exactOptional(),
  readinessProbe: probe.exactOptional(),
  livenessProbe: probe.exactOptional(),
  startupProbe: probe.exactOptional(),
  securityContext: z.looseObject({ runAsUser: z.int().exactOptional() }).exactOptional(),
  lifecycle: z.looseObject({ postStart: handler.exactOptional(), preStop: handler.exactOptional() }).exactOptional(),
});

const csi = z.object({ driver: z.string(), volumeAttributes: strings.exactOptional() });

const ownerReference = z.object({
  apiVersion: z.string().exactOptional(),
  kind: z.string(),
  name: z.string(),
  uid: z.string().exactOptional(),
  controller: z.boolean().exactOptional(),
});

/** Reads the fields above and drops all others but those of containers, which a declared proxy container hands on. */
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
    dnsPolicy: z.string().exactOptional(),
    os: z.object({ name: z.string() }).exactOptional(),
    nodeSelector: strings.exactOptional(),
    securityContext: z
      .object({ runAsUser: z.int().exactOptional(), sysctls: z.array(z.object({ name: z.string() })).exactOptional() })
      .exactOptional(),
    terminationGracePeriodSeconds: z.int().exactOptional(),
  }),
});

/** Name for messages: the one that the API server will make it from, while there is none. */
export function podName(pod: Pod): string {
  return pod.metadata.name || `${pod.metadata.generateName ?? ""}*`;
}
