import type { WantedRevision } from "./revisions.ts";
import { isEndOfLife } from "./versions/support.ts";

/** What a user should know of a revision although it works. */
export function revisionNote({ spec, entry }: WantedRevision, now: Date): string | undefined {
  if (entry === undefined)
    return `this operator does not know version ${spec.version}: the revision stays as it is; upgrade to one that it knows`;
  if (isEndOfLife(entry, now)) return `version ${spec.version} is without fixes since ${entry.endOfLife}: upgrade`;
  return undefined;
}
