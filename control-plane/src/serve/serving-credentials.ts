import { constants } from "node:crypto";
import { createSecureContext, type SecureContextOptions } from "node:tls";
import { ServerCredentials } from "@grpc/grpc-js";

/** What the server shows, and what it verifies clients by. All PEM. */
export interface ServingCertificate {
  /** The leaf first, then its issuers. */
  readonly certificate: string;
  readonly privateKey: string;
  /** Roots that clients' certificates must lead to. */
  readonly roots: string;
}

/**
 * TLS of the xDS port: a client certificate is asked for and not required, because the certificate service shares the
 * port and its callers have none yet. Whoever needs an identity finds none in `getAuthContext()` when the certificate
 * is missing or was not verified.
 */
export class ServingCredentials extends ServerCredentials {
  constructor(certificate: ServingCertificate) {
    super({ requestCert: true, rejectUnauthorized: false }, contextOptions(certificate));
  }

  /**
   * Shows another certificate from the next connection on; open connections keep theirs.
   *
   * Errors: throws when the certificate, key or roots are no valid PEM or do not belong together; the old ones stay.
   */
  update(certificate: ServingCertificate): void {
    const options = contextOptions(certificate);
    createSecureContext(options); // grpc-js would drop every new connection over a context that it cannot load
    this.updateSecureContextOptions(options);
  }

  /** Named by grpc-js: whether a port bound twice may share a server. */
  override _equals(other: ServerCredentials): boolean {
    return this === other;
  }
}

function contextOptions({ certificate, privateKey, roots }: ServingCertificate): SecureContextOptions {
  return {
    cert: certificate,
    key: privateKey,
    ca: roots,
    minVersion: "TLSv1.2",
    // A resumed session shows the certificate of the first one: a renewed certificate would never be seen.
    secureOptions: constants.SSL_OP_NO_TICKET,
  };
}
