import { tokenAudience } from "@meshwright/contract/identity";
import { type Refusal, refuse } from "./refusal.ts";

export type TokenDecision = { readonly kind: "token"; readonly token: string } | Refusal;

/** RFC 6750 2.1: the scheme is case-insensitive, the token a b64token; RFC 7519 tokens have dots. */
const bearerPattern = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

/** Takes the token from the values of the metadata entry `authorization`; there must be exactly one. */
export function readBearerToken(values: readonly (string | Uint8Array)[]): TokenDecision {
  const [value] = values;
  const token = values.length === 1 && typeof value === "string" ? bearerPattern.exec(value)?.[1] : undefined;
  if (token !== undefined) return { kind: "token", token };
  const found = values.length > 1 ? `came ${values.length} times` : values.length === 1 ? "is malformed" : "is missing";
  return refuse(
    "TokenMissing",
    `metadata "authorization" ${found}: send "Bearer <token>" once, with a token of the pod's service account for the audience "${tokenAudience}"`,
  );
}
