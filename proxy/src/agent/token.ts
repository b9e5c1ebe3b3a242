import { tokenAudience } from "@meshwright/contract/identity";
import { z } from "zod";

/** A token of the pod's own service account for the certificate service. */
export interface PodToken {
  readonly token: string;
  readonly expiresAt: Date;
}

const tokens = z.record(z.string(), z.object({ token: z.string().min(1), expirationTimestamp: z.iso.datetime() }));

/**
 * Takes the token for our audience from what kubelet sends: JSON of tokens by audience. Undefined when there is none.
 * Source: https://kubernetes-csi.github.io/docs/token-requests.html
 */
export function readToken(json: string): PodToken | undefined {
  const parsed = tokens.safeParse(parseJson(json));
  const found = parsed.success ? parsed.data[tokenAudience] : undefined;
  return found && { token: found.token, expiresAt: new Date(found.expirationTimestamp) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
