import type { KubeClient, Selection } from "./client.ts";
import { IdleError, jsonLines } from "./json-lines.ts";
import { KubeError } from "./kube-error.ts";
import { acceptOf, selectionQuery } from "./list-all.ts";
import { isRecord, readObject } from "./read-object.ts";
import { collectionPath } from "./resource-path.ts";
import { eventError } from "./status-error.ts";
import type { KubeObject, ResourceType } from "./types.ts";

/** What one watch connection tells; `resourceVersion` is where the next one continues. */
export type WatchNotice<T> =
  | { readonly kind: "upsert" | "delete"; readonly object: T; readonly resourceVersion: string }
  | { readonly kind: "bookmark"; readonly resourceVersion: string };

export interface WatchRequest<T extends KubeObject> extends Selection {
  readonly client: KubeClient;
  readonly type: ResourceType<T>;
  readonly resourceVersion: string;
  /** The server ends the watch after so long, which spreads many clients over many servers. */
  readonly timeoutSeconds: number;
  /** Without a byte for so long, the connection counts as dead. */
  readonly idleMs: number;
  readonly signal: AbortSignal;
}

/** Ten times what etcd stores as one object. */
const maxLineBytes = 16 * 1024 * 1024;

/**
 * Watches over one connection, from a version on, until the server ends it, which is no error.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 *
 * Errors: throws KubeError: `Gone` when the version is compacted, `Timeout` when the connection was silent for too long,
 * `Unexpected` when what came is not the protocol, `Unavailable` when the connection broke.
 */
export async function* watch<T extends KubeObject>(request: WatchRequest<T>): AsyncGenerator<WatchNotice<T>, void> {
  const { client, type, namespace, signal } = request;
  const action = `watch ${type.kind}`;
  const path = collectionPath(type, namespace);
  const query = queryOf(request);
  const stream = await client.stream({ method: "GET", path, query, action, signal, ...acceptOf(request, "") });
  try {
    for await (const line of jsonLines(stream, { maxLineBytes, idleMs: request.idleMs })) {
      yield readNotice(type, action, line);
    }
  } catch (cause) {
    throw watchError(action, cause, signal);
  }
}

function queryOf(request: WatchRequest<KubeObject>): Record<string, string> {
  return {
    ...selectionQuery(request),
    watch: "true",
    allowWatchBookmarks: "true",
    resourceVersion: request.resourceVersion,
    timeoutSeconds: String(request.timeoutSeconds),
  };
}

function readNotice<T extends KubeObject>(type: ResourceType<T>, action: string, line: unknown): WatchNotice<T> {
  if (!isRecord(line)) throw new KubeError("Unexpected", `cannot ${action}: an event is not an object`);
  if (line["type"] === "ERROR") throw eventError(action, line["object"]);
  const object = readObject(type, line["object"]);
  const resourceVersion = object.metadata.resourceVersion ?? "";
  switch (line["type"]) {
    case "ADDED":
    case "MODIFIED":
      return { kind: "upsert", object, resourceVersion };
    case "DELETED":
      return { kind: "delete", object, resourceVersion };
    case "BOOKMARK":
      return { kind: "bookmark", resourceVersion };
    default:
      throw new KubeError(
        "Unexpected",
        `cannot ${action}: an event has the unknown type ${JSON.stringify(line["type"])}`,
      );
  }
}

function watchError(action: string, cause: unknown, signal: AbortSignal): KubeError {
  if (cause instanceof KubeError) return cause;
  const detail = cause instanceof Error ? cause.message : String(cause);
  const message = `cannot ${action}: ${detail}`;
  if (signal.aborted) return new KubeError("Aborted", message, { cause });
  if (cause instanceof IdleError) return new KubeError("Timeout", message, { cause });
  const isGarbage = cause instanceof SyntaxError || cause instanceof RangeError;
  return new KubeError(isGarbage ? "Unexpected" : "Unavailable", message, { cause });
}
