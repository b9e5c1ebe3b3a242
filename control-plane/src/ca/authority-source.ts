import type { Logger } from "@meshwright/log/logger";
import { type Authority, type AuthorityFiles, readAuthority } from "@meshwright/pki/authority";
import { type Live, LiveValue } from "./live.ts";
import { readAuthorityFiles } from "./read-authority-files.ts";
import { watchDirectory } from "./watch-directory.ts";

export interface AuthoritySourceOptions {
  /** Folder with `tls.crt`, `tls.key` and `ca.crt`. */
  readonly dir: string;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/**
 * Loads the authority and follows its files. A change that cannot be used is logged once, and the last good authority
 * stays.
 *
 * Errors: rejects when the first load fails, since a control plane without a CA serves nobody.
 */
export async function openAuthority({ dir, logger, signal }: AuthoritySourceOptions): Promise<Live<Authority>> {
  let seen = await readAuthorityFiles(dir);
  const live = new LiveValue(readAuthority(seen));
  const reload = async (): Promise<void> => {
    try {
      const files = await readAuthorityFiles(dir);
      if (isSame(files, seen)) return;
      seen = files;
      live.set(readAuthority(files));
      logger.info({ dir, issuer: live.current().certificate.subject }, "certificate authority reloaded");
    } catch (error) {
      logger.error({ dir, error }, "certificate authority not reloaded, keeping the last one");
    }
  };
  watchDirectory(dir, reload, signal);
  return live;
}

function isSame(a: AuthorityFiles, b: AuthorityFiles): boolean {
  return a.certificatePem === b.certificatePem && a.keyPem === b.keyPem && a.rootsPem === b.rootsPem;
}
