import { createPublicKey, type KeyObject } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { generateKey, renderKey, signingAlgorithm, signingKey } from "@meshwright/pki/key";
import {
  BasicConstraintsExtension,
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
} from "@meshwright/pki/x509";
import { callUnary } from "@meshwright/rpc-api/call-unary";
import { IstioCertificateRequestSchema, IstioCertificateService } from "@meshwright/rpc-api/gen/istio/v1/auth/ca_pb";
import { grpcService } from "@meshwright/rpc-api/grpc-method";
import type { ControlPlane } from "./control-plane.ts";

/** What a certificate signing request asks for beyond the asker's own identity. */
export interface Wishes {
  /** URI subject alternative names. */
  readonly uris?: readonly string[];
  readonly isCa?: boolean;
}

/** A leaf and its key, as PEM. */
export interface IssuedIdentity {
  readonly certificateChain: string;
  readonly key: string;
}

/**
 * Asks the control plane for a certificate as a node agent does, but with the wishes of an attacker.
 *
 * Errors: rejects with grpc-js's ServiceError when it is refused.
 */
export async function requestCertificate(
  { address, options, rootPem }: ControlPlane,
  token: string | undefined,
  wishes: Wishes = {},
): Promise<IssuedIdentity> {
  const key = generateKey();
  const client = new Client(address, credentials.createSsl(Buffer.from(rootPem)), options);
  const metadata = new Metadata();
  if (token !== undefined) metadata.set("authorization", `Bearer ${token}`);
  const request = create(IstioCertificateRequestSchema, { csr: await csr(key, wishes) });
  try {
    const { createCertificate } = grpcService(IstioCertificateService);
    const { certChain } = await callUnary(client, createCertificate, request, {
      metadata,
      deadline: Date.now() + 10_000,
    });
    return { certificateChain: certChain.join("\n"), key: renderKey(key) };
  } finally {
    client.close();
  }
}

async function csr(key: KeyObject, { uris = [], isCa = false }: Wishes): Promise<string> {
  const { key: keyAlgorithm, signature: signingAlgorithmOfKey } = signingAlgorithm(key);
  const request = await Pkcs10CertificateRequestGenerator.create({
    keys: {
      privateKey: signingKey(key),
      publicKey: createPublicKey(key).toCryptoKey(keyAlgorithm, true, ["verify"]),
    },
    signingAlgorithm: signingAlgorithmOfKey,
    extensions: [
      ...(uris.length > 0 ? [new SubjectAlternativeNameExtension(uris.map((value) => ({ type: "url", value })))] : []),
      ...(isCa ? [new BasicConstraintsExtension(true)] : []),
    ],
  });
  return request.toString("pem");
}
