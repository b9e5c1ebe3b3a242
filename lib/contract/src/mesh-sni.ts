import { createHash } from "node:crypto";

/**
 * Every mesh mTLS connection sets a server name under this suffix, so that an inbound listener tells it apart from an
 * application's own TLS by `server_names` and the ALPN stays free to say h2 or http/1.1 (decision 0002).
 */
export const meshSniSuffix = "mesh.meshwright.internal";

/** Envoy rejects a cluster whose SNI is longer. */
const maxSniBytes = 255;

/**
 * Server name of a mesh connection to `host:port`: `<port>.<host>.<suffix>` in lower case.
 * A host too long for an SNI is replaced by its SHA-256 digest in hex (two labels of 32 characters).
 */
export function meshSni(port: number, host: string): string {
  const name = `${port}.${host.toLowerCase()}.${meshSniSuffix}`;
  if (Buffer.byteLength(name) <= maxSniBytes) return name;
  const digest = createHash("sha256").update(host.toLowerCase()).digest("hex");
  return `${port}.${digest.slice(0, 32)}.${digest.slice(32)}.${meshSniSuffix}`;
}
