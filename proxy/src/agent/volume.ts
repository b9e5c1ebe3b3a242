import { join } from "node:path";
import { volumeFiles } from "@meshwright/contract/volume";
import type { Logger } from "@meshwright/log/logger";
import { AgentError } from "./agent-error.ts";
import type { AgentMetrics } from "./agent-metrics.ts";
import { type Backoff, backoffMs } from "./backoff.ts";
import type { CertificateClient } from "./certificate-client.ts";
import { readIdentity, writeIdentity } from "./identity-files.ts";
import { adoptIdentity, type Identity, obtainIdentity } from "./obtain-identity.ts";
import { type NodeFacts, proxyFiles, writeProxyFiles } from "./proxy-files.ts";
import { isShortLived, renewalTime } from "./renewal-time.ts";
import { retry } from "./retry.ts";
import { Serial } from "./serial.ts";
import type { PodToken } from "./token.ts";
import { describePod, type VolumeSpec } from "./volume-spec.ts";

/** What all volumes of an agent share. */
export interface VolumeContext extends NodeFacts {
  readonly client: CertificateClient;
  readonly now: () => Date;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  readonly metrics: AgentMetrics;
  readonly logger: Logger;
  /** How long the first certificate is tried for within one publish; default 20 s of kubelet's two minutes. */
  readonly firstBudgetMs?: number;
}

const defaultFirstBudgetMs = 20_000;
const firstBackoff: Backoff = { firstMs: 250, lastMs: 2000 };
const renewalBackoff: Backoff = { firstMs: 5000, lastMs: 5 * 60_000 };
/** Node's timers overflow after 24 days; a timer that is early looks again. */
const maxTimerMs = 24 * 60 * 60_000;

/**
 * One pod's volume: gets its identity before the pod starts, and keeps it valid for as long as the pod runs.
 *
 * Guarantees: never fails a republish while the certificate is valid; one write at a time.
 */
export class Volume {
  readonly #spec: VolumeSpec;
  readonly #dir: string;
  readonly #context: VolumeContext;
  readonly #logger: Logger;
  readonly #serial = new Serial();
  readonly #closed = new AbortController();
  #token: PodToken | undefined;
  #identity: Identity | undefined;
  #renewAtMs = 0;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param dir the volume's mounted root */
  constructor(spec: VolumeSpec, dir: string, context: VolumeContext) {
    this.#spec = spec;
    this.#dir = dir;
    this.#context = context;
    this.#logger = context.logger.child({ pod: `${spec.pod.namespace}/${spec.pod.name}`, revision: spec.revision });
  }

  /** When the certificate expires; undefined before there is one. */
  get notAfter(): Date | undefined {
    return this.#identity?.notAfter;
  }

  /**
   * Fills the volume, or keeps a filled one; called again with each new token.
   *
   * Errors: AgentError, or that of the file system, when there is no valid certificate.
   */
  publish(token: PodToken | undefined): Promise<void> {
    this.#token = token ?? this.#token;
    return this.#serial.run(async () => {
      this.#identity ??= await this.#adopt();
      if (!this.#isValid()) await this.#obtain(this.#context.firstBudgetMs ?? defaultFirstBudgetMs);
      else if (this.#isDueWithToken()) await this.#renew();
      else await this.#refreshRoots();
      await writeProxyFiles(this.#dir, proxyFiles(this.#spec, this.#context));
      this.#schedule();
    });
  }

  /** Ends renewal; nothing is written any more once it resolves. The files stay. */
  async close(): Promise<void> {
    this.#closed.abort();
    clearTimeout(this.#timer);
    await this.#serial.run(async () => undefined);
    clearTimeout(this.#timer);
  }

  #isValid(): boolean {
    return this.#identity !== undefined && this.#context.now() < this.#identity.notAfter;
  }

  #isDueWithToken(): boolean {
    const { now } = this.#context;
    return this.#hasFreshToken() && this.#identity !== undefined && isShortLived(this.#identity, now());
  }

  #hasFreshToken(): boolean {
    return this.#token !== undefined && this.#token.expiresAt > this.#context.now();
  }

  /** What an earlier run of the agent wrote serves on: its key was made on this node and never left it. */
  async #adopt(): Promise<Identity | undefined> {
    const files = await readIdentity(this.#identityDir);
    const identity = files && adoptIdentity(this.#spec, files, this.#context.now());
    if (identity !== undefined) this.#take(identity);
    return identity;
  }

  async #obtain(budgetMs: number): Promise<void> {
    const { random } = this.#context;
    const signal = this.#closed.signal;
    const identity = await retry(() => this.#request(), { backoff: firstBackoff, budgetMs, random, signal });
    await writeIdentity(this.#identityDir, identity.files);
    this.#take(identity);
    this.#context.metrics.issued();
    this.#logger.info({ serialNumber: identity.serialNumber, notAfter: identity.notAfter }, "certificate obtained");
  }

  async #request(): Promise<Identity> {
    try {
      const { client, now } = this.#context;
      return await obtainIdentity({
        spec: this.#spec,
        token: this.#freshToken(),
        client,
        now,
        signal: this.#closed.signal,
      });
    } catch (error) {
      if (error instanceof AgentError) this.#context.metrics.failed(error.reason);
      throw error;
    }
  }

  #freshToken(): string {
    const who = `cannot obtain a certificate for ${describePod(this.#spec.pod)}`;
    if (this.#token === undefined)
      throw new AgentError("TokenMissing", `${who}: kubelet sent no token: check tokenRequests of the CSIDriver`);
    if (this.#token.expiresAt <= this.#context.now())
      throw new AgentError("TokenExpired", `${who}: its token has expired: kubelet sends another soon`);
    return this.#token.token;
  }

  #take(identity: Identity): void {
    this.#identity = identity;
    this.#failures = 0;
    this.#renewAtMs = renewalTime(identity, this.#context.now(), this.#context.random()).getTime();
  }

  /** The roots change apart from the certificate; a failure here must not fail a pod that works. */
  async #refreshRoots(): Promise<void> {
    const identity = this.#identity;
    if (identity === undefined) return;
    try {
      const rootsPem = await this.#context.client.readRoots();
      if (rootsPem === identity.files.rootsPem) return;
      const files = { ...identity.files, rootsPem };
      await writeIdentity(this.#identityDir, files);
      this.#identity = { ...identity, files };
      this.#logger.info({}, "trust bundle refreshed");
    } catch (error) {
      this.#logger.warn({ error }, "trust bundle not refreshed");
    }
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#closed.signal.aborted) return;
    const delayMs = Math.min(Math.max(0, this.#renewAtMs - this.#context.now().getTime()), maxTimerMs);
    this.#timer = setTimeout(() => void this.#serial.run(() => this.#renewIfDue()), delayMs).unref();
  }

  async #renewIfDue(): Promise<void> {
    if (this.#closed.signal.aborted) return;
    // Without a token there is nothing to ask with: the next republish brings one and schedules again.
    if (!this.#hasFreshToken()) return;
    if (this.#context.now().getTime() >= this.#renewAtMs) await this.#renew();
    this.#schedule();
  }

  async #renew(): Promise<void> {
    try {
      await this.#obtain(0);
    } catch (error) {
      const delayMs = backoffMs(renewalBackoff, this.#failures++, this.#context.random());
      this.#renewAtMs = this.#context.now().getTime() + delayMs;
      this.#logger.warn(
        { notAfter: this.#identity?.notAfter, retryInMs: Math.round(delayMs), error },
        "certificate not renewed",
      );
    }
  }

  get #identityDir(): string {
    return join(this.#dir, volumeFiles.identityDir);
  }
}
