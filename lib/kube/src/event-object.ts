import { randomBytes } from "node:crypto";
import { microTime } from "./micro-time.ts";
import { events, typed } from "./resource-types.ts";
import { apiVersionOf, type KubeObject } from "./types.ts";

/** Something that happened to an object, told to whoever looks at it. */
export interface EventFact {
  readonly regarding: KubeObject;
  readonly type: "Normal" | "Warning";
  /** CamelCase. */
  readonly reason: string;
  /** What was done, CamelCase verb: `Reconcile`. */
  readonly action: string;
  /** One deterministic sentence; cut to 1 024 bytes as the API wants. */
  readonly note: string;
}

/** Source: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/ */
export interface EventObject extends KubeObject {
  readonly eventTime: string;
  readonly reportingController: string;
  readonly reportingInstance: string;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly action: string;
  readonly note: string;
  readonly regarding: Readonly<Record<string, string | undefined>>;
  readonly series?: EventSeries;
}

export interface EventSeries {
  /** At least 2: the first time is not part of a series. */
  readonly count: number;
  readonly lastObservedTime: string;
}

export const eventType = typed<EventObject>(events);

/** The API refuses a longer note, counted in bytes. */
const maxNoteBytes = 1024;

/** The API refuses a longer instance. */
const maxInstanceChars = 128;

/** Makes the Event of a fact, under a name of its own, so that a repeated create never makes two. */
export function newEvent(
  fact: EventFact,
  reporter: { readonly controller: string; readonly instance: string },
  now: Date,
): EventObject {
  const { regarding, type, reason, action, note } = fact;
  const { name, namespace, uid, resourceVersion } = regarding.metadata;
  return {
    apiVersion: apiVersionOf(events),
    kind: events.kind,
    // Events of cluster-scoped objects live where kubectl looks for them: in "default".
    metadata: { name: `${name.slice(0, 200)}.${randomBytes(8).toString("hex")}`, namespace: namespace ?? "default" },
    eventTime: microTime(now),
    reportingController: reporter.controller,
    reportingInstance: reporter.instance.slice(0, maxInstanceChars),
    type,
    reason,
    action,
    note: cut(note, maxNoteBytes),
    regarding: { apiVersion: regarding.apiVersion, kind: regarding.kind, name, namespace, uid, resourceVersion },
  };
}

function cut(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  const ellipsis = "...";
  // A character cut in half decodes to U+FFFD.
  return (
    Buffer.from(text)
      .subarray(0, maxBytes - ellipsis.length)
      .toString("utf8")
      .replace(/\uFFFD+$/, "") + ellipsis
  );
}
