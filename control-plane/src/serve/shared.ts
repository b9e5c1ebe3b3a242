import { Changes } from "./changes.ts";
import { NameSets } from "./name-sets.ts";

/** What clients of a replica have in common, so that it is worked out and held once and not for each. */
export class Shared {
  readonly changes = new Changes();
  readonly nameSets = new NameSets();
}
