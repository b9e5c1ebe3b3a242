import type { Logger } from "@meshwright/log/logger";
import type { Authority } from "@meshwright/pki/authority";
import { issueServing, type KeyPair } from "@meshwright/pki/serving";
import { type Live, LiveValue } from "./live.ts";

export interface ServingCertificateOptions {
  readonly authority: Live<Authority>;
  readonly dnsNames: readonly string[];
  readonly now: () => Date;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Default one day. */
  readonly lifetimeMs?: number;
}

const dayMs = 24 * 60 * 60_000;
const retryMs = 30_000;

/**
 * Issues the process's own TLS certificate, renews it at half of its life, and at once when the authority changes.
 * A renewal that fails is logged and tried again every 30 s; the certificate stays until then.
 *
 * Errors: rejects with PkiError `UnusableIssuer` when the first certificate cannot be issued.
 */
export async function openServingCertificate(options: ServingCertificateOptions): Promise<Live<KeyPair>> {
  const live = new LiveValue(await issue(options));
  const renewal = new Renewal(live, options);
  const forget = options.authority.onChange(() => renewal.schedule(0));
  options.signal.addEventListener("abort", () => {
    forget();
    renewal.stop();
  });
  renewal.scheduleNext();
  return live;
}

class Renewal {
  readonly #live: LiveValue<KeyPair>;
  readonly #options: ServingCertificateOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(live: LiveValue<KeyPair>, options: ServingCertificateOptions) {
    this.#live = live;
    this.#options = options;
  }

  schedule(delayMs: number): void {
    this.stop();
    if (this.#options.signal.aborted) return;
    this.#timer = setTimeout(() => void this.#renew(), delayMs).unref();
  }

  scheduleNext(): void {
    this.schedule((this.#live.current().notAfter.getTime() - this.#options.now().getTime()) / 2);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  async #renew(): Promise<void> {
    const { logger } = this.#options;
    try {
      this.#live.set(await issue(this.#options));
      logger.info({ notAfter: this.#live.current().notAfter }, "serving certificate renewed");
      this.scheduleNext();
    } catch (error) {
      const { notAfter } = this.#live.current();
      logger.error({ notAfter, error }, "serving certificate not renewed, keeping the last one");
      this.schedule(retryMs);
    }
  }
}

function issue({ authority, dnsNames, now, lifetimeMs = dayMs }: ServingCertificateOptions): Promise<KeyPair> {
  return issueServing(authority.current(), { dnsNames, now: now(), lifetimeMs });
}
