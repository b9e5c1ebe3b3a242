import { constants } from "node:crypto";
import { createSecureContext, type SecureContextOptions } from "node:tls";

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
 * port and its callers have none yet. A certificate that is missing or was not verified proves nothing.
 */
export class ServingCredentials {
  #options: SecureContextOptions;
  readonly #listeners = new Set<(options: SecureContextOptions) => void>();

  constructor(certificate: ServingCertificate) {
    this.#options = servingContext(certificate);
  }

  get options(): SecureContextOptions {
    return this.#options;
  }

  /**
   * Shows another certificate from the next connection on; open connections keep theirs.
   *
   * Errors: throws when the certificate, key or roots are no valid PEM or do not belong together; the old ones stay.
   */
  update(certificate: ServingCertificate): void {
    const options = servingContext(certificate);
    createSecureContext(options); // a context that cannot be loaded must not reach the server
    this.#options = options;
    for (const listener of this.#listeners) listener(options);
  }

  /** Calls the listener after each update, until the returned function is called. */
  onUpdate(listener: (options: SecureContextOptions) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** What TLS needs of a certificate, on every port that shows it. */
export function servingContext({ certificate, privateKey, roots }: ServingCertificate): SecureContextOptions {
  return {
    cert: certificate,
    key: privateKey,
    ca: roots,
    minVersion: "TLSv1.2",
    // A resumed session shows the certificate of the first one: a renewed certificate would never be seen.
    secureOptions: constants.SSL_OP_NO_TICKET,
  };
}
