import type { TypeUrl } from "@meshwright/xds-api/type-urls";
import type { StreamLimits } from "./limits.ts";
import type { Refusal } from "./refusal.ts";
import type { Subscription } from "./subscription.ts";

/** Says which limit a stream is over after a request, if any. */
export function exceeded(
  subscriptions: ReadonlyMap<TypeUrl, Pick<Subscription, "nameCount" | "longestName">>,
  { type }: { readonly type: TypeUrl },
  limits: StreamLimits,
): Refusal | undefined {
  if (subscriptions.size > limits.types)
    return { reason: "TooManyTypes", message: `a stream may ask for at most ${limits.types} types of resources` };
  const subscription = subscriptions.get(type);
  if (subscription === undefined) return undefined;
  if (subscription.nameCount > limits.namesPerType)
    return { reason: "TooManyNames", message: `a stream may ask for at most ${limits.namesPerType} names of a type` };
  if (subscription.longestName > limits.nameLength || type.length > limits.nameLength)
    return { reason: "NameTooLong", message: `a name may have at most ${limits.nameLength} characters` };
  return undefined;
}
