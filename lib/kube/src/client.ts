import type { Readable } from "node:stream";
import type { KubeObject, NewObject, ObjectKey, ObjectList, ResourceType } from "./types.ts";

/** What every call takes. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Default 30 000; the call fails with reason `Timeout` after it. */
  readonly timeoutMs?: number;
}

/** Which objects of a type; without a namespace those of all namespaces. */
export interface Selection {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /**
   * Asks for metadata alone, a fraction of a pod's size; nothing else of the objects is there.
   * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches
   */
  readonly metadataOnly?: true;
}

export interface ListOptions extends CallOptions, Selection {
  /** Objects per page; default 500. */
  readonly limit?: number;
}

export interface WriteOptions extends CallOptions {
  /** Lets the server validate, default and admit, but not store. */
  readonly dryRun?: boolean;
  readonly subresource?: "status";
}

export interface ApplyOptions extends WriteOptions {
  readonly fieldManager: string;
  /** Takes fields over from other managers instead of failing with `Conflict`; default false. */
  readonly force?: boolean;
}

export interface DeleteOptions extends CallOptions {
  /** Deletes only this incarnation; another one is a `Conflict`. */
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly propagationPolicy?: "Background" | "Foreground" | "Orphan";
  readonly gracePeriodSeconds?: number;
  readonly dryRun?: boolean;
}

/** One HTTP request below the client's typed methods. */
export interface RawRequest extends CallOptions {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Absolute path on the API server, without the query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Default `application/json`. */
  readonly contentType?: string;
  /** What the answer is to be; default `application/json`. */
  readonly accept?: string;
  /** What the call does and to what, for error messages: `list Pod`. Default: method and path. */
  readonly action?: string;
}

/**
 * Talks to one API server.
 *
 * Guarantees: objects come with `apiVersion` and `kind` set and without `managedFields`; nothing is repeated but an
 * idempotent request whose kept-alive connection the server closed before it answered.
 * Errors: every method rejects with `KubeError` and nothing else.
 */
export interface KubeClient {
  /** Reads one object; undefined when there is none. */
  get<T extends KubeObject>(type: ResourceType<T>, key: ObjectKey, options?: CallOptions): Promise<T | undefined>;
  /** Reads all objects of a selection, page by page, as of one version. */
  list<T extends KubeObject>(type: ResourceType<T>, options?: ListOptions): Promise<ObjectList<T>>;
  /** Creates an object; one that exists is an `AlreadyExists`. */
  create<T extends KubeObject>(type: ResourceType<T>, object: NewObject<T>, options?: WriteOptions): Promise<T>;
  /** Replaces an object; with `metadata.resourceVersion` set, one that changed since is a `Conflict`. */
  update<T extends KubeObject>(type: ResourceType<T>, object: T, options?: WriteOptions): Promise<T>;
  /** Server-side apply: creates the object, or owns exactly the given fields of it. */
  apply<T extends KubeObject>(type: ResourceType<T>, object: T, options: ApplyOptions): Promise<T>;
  /** JSON merge patch (RFC 7386): null removes a field. */
  patch<T extends KubeObject>(type: ResourceType<T>, key: ObjectKey, patch: object, options?: WriteOptions): Promise<T>;
  /** Asks for deletion; finalizers and grace periods may hold the object. One that does not exist counts as deleted. */
  delete(type: ResourceType, key: ObjectKey, options?: DeleteOptions): Promise<void>;
  /** Sends a request and parses the JSON answer. */
  request(request: RawRequest): Promise<unknown>;
  /** Opens a response as a stream of bytes: `timeoutMs` bounds the wait for its head only, `signal` ends it. */
  stream(request: RawRequest): Promise<Readable>;
}
