import type { RefusalReason } from "./refusal.ts";

/** What the certificate authority counts. */
export interface CaMetrics {
  issued(): void;
  refused(reason: RefusalReason): void;
}
