import { type FleetObject, maxRejectionObjects } from "@meshwright/contract/fleet";
import type { ProxyRejection } from "../observe/types.ts";
import { rejectionMessage } from "./proxies.ts";

/** Type of the condition that an object has as long as proxies reject what was made of it. */
export const rejectedCondition = "meshwright.dev/Rejected";

/** Reason of that condition and of the Event; and of the Event when it is over. */
export const markReasons = { rejected: "ProxiesReject", accepted: "ProxiesAcknowledge" } as const;

/** What an object is to say of itself. */
export interface ObjectMark {
  readonly object: FleetObject;
  readonly message: string;
}

/** Whoever breaks so many objects at once has other sorrows; the API server must not be busy with them. */
const maxMarks = 100;

/** Longest message of a condition is 32,768 bytes; nobody reads so much. */
const maxMessageChars = 1_000;

/**
 * Decides which objects are to say that proxies reject what was made of them, by key. A resource made of very many objects,
 * such as the routes of a port, says nothing about any one of them: only the MeshInstall names it.
 */
export function objectMarks(rejections: readonly ProxyRejection[]): ReadonlyMap<string, ObjectMark> {
  const blamed = rejections.filter(({ objects }) => objects.length < maxRejectionObjects);
  const pairs = blamed.flatMap((rejection) => rejection.objects.map((object) => ({ object, rejection })));
  const byObject = [...Map.groupBy(pairs, ({ object }) => objectKey(object))].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return new Map(
    byObject.slice(0, maxMarks).flatMap(([key, found]) => {
      const [first] = found;
      const messages = found.map(({ rejection }) => rejectionMessage({ ...rejection, objects: [] })).toSorted();
      const message = messages.join("; ").slice(0, maxMessageChars);
      return first === undefined ? [] : [[key, { object: first.object, message }] as const];
    }),
  );
}

/** Identity of an object among all kinds. */
export function objectKey({ apiVersion, kind, namespace = "", name }: FleetObject): string {
  return `${apiVersion} ${kind} ${namespace}/${name}`;
}
