import { CniError } from "./cni-error.ts";

/** What the CNI plugin asks for: that a pod's rules be loaded into its network. */
export interface RedirectRequest {
  readonly podUid: string;
  /** Path of the network namespace, the same for the runtime and for the agent. */
  readonly netns: string;
}

/** A longer line is not read to its end. */
export const maxRequestBytes = 4096;

/** Runtimes name a namespace by its mount, or by a process in it. */
const requestPattern =
  /^REDIRECT ([0-9a-zA-Z-]{1,64}) ((?:\/var)?\/run\/(?:docker\/)?netns\/[\w-][\w.-]{0,127}|\/proc\/\d{1,10}\/ns\/net)$/;

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
