import { readFile } from "node:fs/promises";
import { create } from "@bufbuild/protobuf";
import { Client, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { ports } from "@meshwright/contract/ports";
import { controlPlaneHost } from "@meshwright/contract/volume";
import { callUnary } from "@meshwright/rpc-api/call-unary";
import {
  IstioCertificateRequestSchema,
  type IstioCertificateResponse,
  IstioCertificateService,
} from "@meshwright/rpc-api/gen/istio/v1/auth/ca_pb";
import { grpcService } from "@meshwright/rpc-api/grpc-method";
import { AgentError } from "./agent-error.ts";
import { describePod, type VolumeSpec } from "./volume-spec.ts";

export interface CertificateClientOptions {
  /** Namespace of every revision's control plane. */
  readonly namespace: string;
  /** Trust bundle that the control plane's certificate must lead to; read for every call, since it changes. */
  readonly rootFile: string;
  /** Where a revision's control plane is reached: `host:port`. Default its Service. */
  readonly addressOf?: (revision: string) => string;
}

/** What the control plane answered, and the roots that it was trusted by. All PEM. */
export interface SignedCertificate {
  /** The leaf first, then its intermediates. */
  readonly chainPem: string;
  readonly rootsPem: string;
}

/** Obtains certificates from the control plane of a pod's revision. */
export interface CertificateClient {
  /** Reads the trust bundle. Errors: AgentError `RootUnreadable`. */
  readRoots(): Promise<string>;
  /** Errors: AgentError `RootUnreadable`, `ControlPlaneUnreachable`, `CertificateRefused` or `CertificateUnusable`. */
  sign(spec: VolumeSpec, csrPem: string, token: string, signal: AbortSignal): Promise<SignedCertificate>;
}

/** One call may take this long, so that a dead replica leaves time for another try before kubelet gives up. */
const callTimeoutMs = 5000;

const service = grpcService(IstioCertificateService);

export function createCertificateClient(options: CertificateClientOptions): CertificateClient {
  const readRoots = (): Promise<string> => readRootFile(options.rootFile);
  return {
    readRoots,
    sign: async (spec, csrPem, token, signal) => {
      const rootsPem = await readRoots();
      const target = addressOf(spec.revision, options);
      const answer = await call({ target, rootsPem, csrPem, token, signal, pod: describePod(spec.pod) });
      return { chainPem: leafChain(answer), rootsPem };
    },
  };
}

function addressOf(revision: string, { namespace, addressOf: custom }: CertificateClientOptions): string {
  return custom?.(revision) ?? `${controlPlaneHost(revision, namespace)}:${ports.xds}`;
}

async function readRootFile(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const detail = `the trust bundle "${path}" cannot be read: check that the operator made the ConfigMap with it`;
    throw new AgentError("RootUnreadable", `cannot verify the control plane: ${detail}`, { cause });
  }
}

interface Call {
  readonly target: string;
  readonly rootsPem: string;
  readonly csrPem: string;
  readonly token: string;
  readonly signal: AbortSignal;
  readonly pod: string;
}

/** One connection per certificate: each pod needs one or two a day, and a new connection sees the newest roots. */
async function call({ target, rootsPem, csrPem, token, signal, pod }: Call): Promise<IstioCertificateResponse> {
  const client = new Client(target, credentials.createSsl(Buffer.from(rootsPem)));
  const metadata = new Metadata();
  metadata.set("authorization", `Bearer ${token}`);
  const request = create(IstioCertificateRequestSchema, { csr: csrPem });
  try {
    const deadline = Date.now() + callTimeoutMs;
    return await callUnary(client, service.createCertificate, request, { metadata, deadline, signal });
  } catch (cause) {
    throw callError(cause, target, pod);
  } finally {
    client.close();
  }
}

/** Codes by which the control plane says no to this very request; everything else may be otherwise in a moment. */
const refusals: readonly (status | undefined)[] = [
  status.INVALID_ARGUMENT,
  status.UNAUTHENTICATED,
  status.PERMISSION_DENIED,
];

function callError(cause: unknown, target: string, pod: string): AgentError {
  const { code, details } = serviceError(cause);
  const name = code === undefined ? "UNKNOWN" : status[code];
  const what = `cannot obtain a certificate for ${pod} from the control plane at "${target}"`;
  if (refusals.includes(code)) return new AgentError("CertificateRefused", `${what}: ${name}: ${details}`, { cause });
  const fix = "check that it runs, and that the node's pods can reach and resolve it";
  return new AgentError("ControlPlaneUnreachable", `${what}: ${name}: ${details}: ${fix}`, { cause });
}

function serviceError(cause: unknown): Partial<Pick<ServiceError, "code" | "details">> {
  if (!(cause instanceof Error && "code" in cause && "details" in cause)) return { details: String(cause) };
  const { code, details } = cause as ServiceError;
  // grpc-js appends this also when it has nothing to note.
  return { code, details: details.replace(/\.? *Resolution note: *$/, "") };
}

/** The last element holds the roots: those come from our own trust bundle, never from an answer. */
function leafChain({ certChain }: IstioCertificateResponse): string {
  return certChain.slice(0, Math.max(1, certChain.length - 1)).join("");
}
