import type { KubeClient, ListOptions, Selection } from "./client.ts";
import { isKubeError, KubeError } from "./kube-error.ts";
import { isRecord, readObject } from "./read-object.ts";
import { collectionPath } from "./resource-path.ts";
import type { KubeObject, ObjectList, ResourceType } from "./types.ts";

const defaultLimit = 500;

/**
 * Reads a selection page by page. All pages show the version of the first one, which is never older than what the
 * caller has seen: without `resourceVersion` the server answers with its newest state.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
 */
export async function listAll<T extends KubeObject>(
  request: KubeClient["request"],
  type: ResourceType<T>,
  options: ListOptions = {},
): Promise<ObjectList<T>> {
  const items: T[] = [];
  let query: Record<string, string> = { ...selectionQuery(options), limit: String(options.limit ?? defaultLimit) };
  for (;;) {
    const page = await readPage(request, type, options, query);
    if (page.kind === "expired") {
      // The version was compacted while we paged: an unpaged list is the only one that always ends.
      items.length = 0;
      query = selectionQuery(options);
      continue;
    }
    items.push(...page.items);
    if (page.next === "") return { items, resourceVersion: page.resourceVersion };
    query = { ...query, continue: page.next };
  }
}

/** How a selection asks for its objects, one or a list of them. */
export function acceptOf({ metadataOnly }: Selection, kind: "" | "List"): { readonly accept?: string } {
  // A server that cannot do it answers whole objects, which is the same to who reads.
  const partial = `application/json;as=PartialObjectMetadata${kind};g=meta.k8s.io;v=v1,application/json`;
  return metadataOnly === true ? { accept: partial } : {};
}

/** Query parameters of a selection. */
export function selectionQuery({ labelSelector, fieldSelector }: Selection): Record<string, string> {
  return {
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  };
}

type Page<T> =
  | { readonly kind: "expired" }
  | { readonly kind: "items"; readonly items: readonly T[]; readonly resourceVersion: string; readonly next: string };

async function readPage<T extends KubeObject>(
  request: KubeClient["request"],
  type: ResourceType<T>,
  options: ListOptions,
  query: Record<string, string>,
): Promise<Page<T>> {
  const { namespace, signal, timeoutMs } = options;
  try {
    const call = {
      ...acceptOf(options, "List"),
      ...(signal === undefined ? {} : { signal }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    };
    const action = `list ${type.kind}`;
    return parsePage(
      type,
      await request({ method: "GET", path: collectionPath(type, namespace), query, action, ...call }),
    );
  } catch (error) {
    if (isKubeError(error, "Gone") && "continue" in query) return { kind: "expired" };
    throw error;
  }
}

function parsePage<T extends KubeObject>(type: ResourceType<T>, value: unknown): Page<T> {
  const metadata = isRecord(value) ? value["metadata"] : undefined;
  const items = isRecord(value) ? (value["items"] ?? []) : undefined;
  if (!isRecord(metadata) || !Array.isArray(items) || typeof metadata["resourceVersion"] !== "string") {
    throw new KubeError("Unexpected", `cannot list ${type.kind}: the API server's answer is not a list`);
  }
  const next = metadata["continue"];
  return {
    kind: "items",
    items: items.map((item: unknown) => readObject(type, item)),
    resourceVersion: metadata["resourceVersion"],
    next: typeof next === "string" ? next : "",
  };
}
