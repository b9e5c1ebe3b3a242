import { CniError } from "./cni-error.ts";

/** What the CNI plugin asks for: that a pod's rules be loaded into its network. */
export interface RedirectRequest {
  readonly podUid: string;
  /** Path of the network namespace, below `/run/netns`. */
  readonly netns: string;
}

/** A longer line is not read to its end. */
export const maxRequestBytes = 4096;

/**
 * Runtimes name a namespace by its mount. That of a process is not one to follow: the agent has process ids of its own, and
 * would find another process behind the number. On a node `/var/run` is `/run`.
 */
const requestPattern = /^REDIRECT ([0-9a-zA-Z-]{1,64}) (?:\/var)?(\/run\/netns\/[\w-][\w.-]{0,127})$/;

/**
 * Reads the plugin's line: `REDIRECT <pod UID> <network namespace>`.
 *
 * Errors: CniError `InvalidRequest`.
 */
export function readRedirectRequest(line: string): RedirectRequest {
  const [, podUid, netns] = requestPattern.exec(line) ?? [];
  if (podUid !== undefined && netns !== undefined) return { podUid, netns };
  const said = JSON.stringify(line.slice(0, 200));
  throw new CniError(
    "InvalidRequest",
    `cannot redirect pod: the plugin said ${said}: want "REDIRECT <pod UID> <network namespace below /run/netns>"`,
  );
}
