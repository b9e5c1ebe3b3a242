import { PkiError } from "./pki-error.ts";

/** One block of PEM text (RFC 7468). */
export interface PemBlock {
  /** As in `-----BEGIN <label>-----`. */
  readonly label: string;
  readonly der: Buffer;
  /** The block as text, ending in a newline. */
  readonly text: string;
}

const blockPattern = /-----BEGIN ([A-Z0-9 ]+)-----\r?\n([A-Za-z0-9+/=\s]*?)-----END \1-----[ \t]*(?:\r?\n|$)/g;

/**
 * Splits PEM text into its blocks; text around the blocks (comments, blank lines) is allowed, as RFC 7468 says.
 *
 * Errors: PkiError `InvalidPem` when a BEGIN line has no matching END line or a block is not base64.
 */
export function pemBlocks(text: string): readonly PemBlock[] {
  const blocks = [...text.matchAll(blockPattern)].map(([, label = "", body = ""]) => pemBlock(label, body));
  const begun = text.split("-----BEGIN ").length - 1;
  if (begun !== blocks.length)
    throw new PkiError("InvalidPem", `cannot read PEM: ${begun} BEGIN lines but ${blocks.length} whole blocks`);
  return blocks;
}

/** Renders one block with lines of 64 characters. */
export function renderPem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

/**
 * Splits PEM text that holds certificates and nothing else.
 *
 * Errors: PkiError `InvalidPem` when there is no certificate or another kind of block.
 */
export function certificateBlocks(text: string): readonly PemBlock[] {
  const blocks = pemBlocks(text);
  const other = blocks.find((block) => block.label !== "CERTIFICATE");
  if (other !== undefined)
    throw new PkiError("InvalidPem", `cannot read certificates: found a block "${other.label}", remove it`);
  if (blocks.length === 0) throw new PkiError("InvalidPem", "cannot read certificates: found no CERTIFICATE block");
  return blocks;
}

function pemBlock(label: string, body: string): PemBlock {
  const base64 = body.replaceAll(/\s/g, "");
  const der = Buffer.from(base64, "base64");
  // Buffer skips what it does not understand; a round trip does not.
  if (base64.length === 0 || der.toString("base64") !== base64)
    throw new PkiError("InvalidPem", `cannot read PEM: the block "${label}" is not base64`);
  return { label, der, text: renderPem(label, der) };
}
