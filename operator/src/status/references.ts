import type { Dangling } from "../plan/dangling.ts";
import type { Finding } from "./conditions.ts";

/** Whether every label names what there is. */
export function referencesResolved(dangling: readonly Dangling[]): Finding {
  const [first] = dangling;
  if (first === undefined)
    return { status: "True", reason: "Resolved", message: "every label names a revision or tag" };
  const message = dangling.map(
    ({ name, users }) => `${listed(users)} ${users.length === 1 ? "asks" : "ask"} for "${name}"`,
  );
  const fix = "this mesh has no revision or tag of such a name: create it, or label with another";
  return { status: "False", reason: "RevisionMissing", message: `${message.join("; ")}; ${fix}` };
}

const named = 3;

function listed(users: readonly string[]): string {
  const more = users.length > named ? ` and ${users.length - named} more` : "";
  return users.slice(0, named).join(", ") + more;
}
