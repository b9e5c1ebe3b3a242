import { createPublicKey, type KeyObject } from "node:crypto";
import { signingAlgorithm, signingKey } from "./key.ts";
import { pemBlocks } from "./pem.ts";
import { PkiError } from "./pki-error.ts";
import {
  BasicConstraintsExtension,
  Pkcs10CertificateRequest,
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
} from "./x509.ts";

/** What a certificate signing request (PKCS #10, RFC 2986) says of itself. All of it is the asker's word. */
export interface CertificateRequest {
  readonly publicKey: KeyObject;
  /** Distinguished name; empty in our own requests. */
  readonly subject: string;
  /** Subject alternative names, as `<type>:<value>`: `url:spiffe://...`, `dns:web.shop`. */
  readonly names: readonly string[];
  /** Whether it asks for basicConstraints CA:true. */
  readonly asksForCa: boolean;
  /** Whether the asker holds the private key. */
  readonly isSelfSigned: boolean;
}

/** Creates a request without subject and names: the issuer knows them from the asker's credentials. */
export async function createCsr(key: KeyObject): Promise<string> {
  const publicKey = createPublicKey(key).toCryptoKey(signingAlgorithm(key).key, true, ["verify"]);
  const request = await Pkcs10CertificateRequestGenerator.create({
    keys: { privateKey: signingKey(key), publicKey },
    signingAlgorithm: signingAlgorithm(key).signature,
  });
  return `${request.toString("pem")}\n`;
}

/**
 * Reads a request from PEM text that must hold it and nothing else.
 *
 * Errors: PkiError `InvalidPem` when there is another number of blocks than one, or text around it;
 * `InvalidEncoding` when the block is not a request.
 */
export async function readCsr(pem: string): Promise<CertificateRequest> {
  const blocks = pemBlocks(pem);
  const [block] = blocks;
  if (block === undefined || blocks.length > 1)
    throw new PkiError("InvalidPem", `cannot read CSR: found ${blocks.length} PEM blocks, send exactly one`);
  if (!requestLabels.includes(block.label))
    throw new PkiError("InvalidPem", `cannot read CSR: found a block "${block.label}", send a CERTIFICATE REQUEST`);
  const request = decode(block.der);
  return { ...request.facts, isSelfSigned: await verifies(request.asn1) };
}

/** The second is what older tools write. */
const requestLabels: readonly string[] = ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"];

interface Decoded {
  readonly asn1: Pkcs10CertificateRequest;
  readonly facts: Omit<CertificateRequest, "isSelfSigned">;
}

/** The library decodes lazily, so that reading any of the facts may find them broken. */
function decode(der: Buffer): Decoded {
  try {
    const asn1 = new Pkcs10CertificateRequest(der);
    return { asn1, facts: facts(asn1) };
  } catch (cause) {
    const detail = "it is not PKCS #10, or its public key or a name is of an unknown kind";
    throw new PkiError("InvalidEncoding", `cannot read CSR: ${detail}`, { cause });
  }
}

function facts(asn1: Pkcs10CertificateRequest): Decoded["facts"] {
  const extensions = [...asn1.extensions];
  return {
    publicKey: createPublicKey({ key: Buffer.from(asn1.publicKey.rawData), type: "spki", format: "der" }),
    subject: asn1.subject,
    names: extensions.flatMap((extension) =>
      extension instanceof SubjectAlternativeNameExtension ? nameTexts(extension) : [],
    ),
    asksForCa: extensions.some((extension) => extension instanceof BasicConstraintsExtension && extension.ca),
  };
}

function nameTexts(extension: SubjectAlternativeNameExtension): readonly string[] {
  return extension.names.items.map((name) => `${name.type}:${name.value}`);
}

/** An algorithm that cannot be verified is as good as a wrong signature. */
async function verifies(request: Pkcs10CertificateRequest): Promise<boolean> {
  try {
    return await request.verify();
  } catch {
    return false;
  }
}
