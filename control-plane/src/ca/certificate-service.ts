import { create } from "@bufbuild/protobuf";
import type { ServerUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import { spiffeId } from "@meshwright/contract/identity";
import type { Logger } from "@meshwright/log/logger";
import {
  type IstioCertificateRequest,
  type IstioCertificateResponse,
  IstioCertificateResponseSchema,
  type IstioCertificateService,
} from "@meshwright/rpc-api/gen/istio/v1/auth/ca_pb";
import type { GrpcHandlers } from "@meshwright/rpc-api/grpc-method";
import type { CaMetrics } from "./ca-metrics.ts";
import { type Issued, type Issuer, issueCertificate, type Refused } from "./issue-certificate.ts";
import { refusalCodes, refuse } from "./refusal.ts";

export interface CertificateServiceOptions extends Issuer {
  readonly metrics: CaMetrics;
  readonly logger: Logger;
}

type Call = ServerUnaryCall<IstioCertificateRequest, IstioCertificateResponse>;

/** Implements `istio.v1.auth.IstioCertificateService`, to be added to the control plane's gRPC server. */
export function certificateService(
  options: CertificateServiceOptions,
): GrpcHandlers<(typeof IstioCertificateService)["method"]> {
  return { createCertificate: (call, callback) => void answer(call, callback, options) };
}

async function answer(
  call: Call,
  callback: sendUnaryData<IstioCertificateResponse>,
  options: CertificateServiceOptions,
): Promise<void> {
  const outcome = await decide(call, options);
  report(outcome, call.getPeer(), options);
  if (outcome.kind === "refused") callback({ code: refusalCodes[outcome.reason], details: outcome.message });
  else callback(null, create(IstioCertificateResponseSchema, { certChain: [...outcome.chain] }));
}

/** Never rejects: what nobody foresaw is our fault, and the asker's to try again. */
async function decide(call: Call, issuer: Issuer): Promise<Issued | Refused> {
  const authorization = call.metadata.get("authorization");
  const { csr, validityDuration } = call.request;
  try {
    return await issueCertificate({ authorization, csr, validityDurationSeconds: validityDuration }, issuer);
  } catch (error) {
    return { ...refuse("IssuerUnusable", "the control plane failed, see its log"), error };
  }
}

function report(outcome: Issued | Refused, peer: string, { metrics, logger }: CertificateServiceOptions): void {
  const { caller } = outcome;
  const who = caller && { identity: spiffeId(caller.identity), pod: `${caller.identity.namespace}/${caller.pod.name}` };
  if (outcome.kind === "issued") {
    metrics.issued();
    const { serialNumber, notAfter } = outcome.leaf;
    logger.info({ ...who, peer, serialNumber, notAfter }, "certificate issued");
    return;
  }
  metrics.refused(outcome.reason);
  const { reason, message, error } = outcome;
  logger.warn({ ...who, peer, reason, detail: message, error }, "certificate refused");
}
