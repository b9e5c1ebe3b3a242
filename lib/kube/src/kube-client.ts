import { callJson, openStream } from "./call.ts";
import type { ApplyOptions, DeleteOptions, KubeClient, RawRequest, WriteOptions } from "./client.ts";
import type { Connection } from "./connection.ts";
import { createHttpClient } from "./http.ts";
import { isKubeError } from "./kube-error.ts";
import { listAll } from "./list-all.ts";
import { readObject } from "./read-object.ts";
import { collectionPath, objectPath } from "./resource-path.ts";
import { formatKey, type KubeObject, type ObjectKey, type ResourceType } from "./types.ts";

export interface KubeClientOptions {
  readonly connection: Connection;
  /** Names the process in the server's audit log: `meshwright-operator/v1.1.0`. */
  readonly userAgent: string;
}

/** Creates a client of one API server. Nothing is connected before the first call. */
export function createKubeClient({ connection, userAgent }: KubeClientOptions): KubeClient {
  const http = createHttpClient(connection, userAgent);
  const request = (raw: RawRequest): Promise<unknown> => callJson(http, raw);
  const object = async <T extends KubeObject>(type: ResourceType<T>, raw: RawRequest): Promise<T> =>
    readObject(type, await request(raw));

  return {
    request,
    stream: (raw) => openStream(http, raw),
    get: async (type, key, options) => {
      const action = describe("get", type, key);
      return absentAs(undefined, object(type, { method: "GET", path: objectPath(type, key), action, ...options }));
    },
    list: (type, options) => listAll(request, type, options),
    create: (type, body, options) => {
      const { namespace, name, generateName } = body.metadata;
      const path = withSubresource(collectionPath(type, namespace), options);
      const action = describe("create", type, scoped(namespace, name ?? generateName ?? ""));
      return object(type, { method: "POST", path, body, action, ...writeOptions(options) });
    },
    update: (type, body, options) => {
      const path = objectPath(type, body.metadata, options?.subresource);
      const action = describe("update", type, body.metadata);
      return object(type, { method: "PUT", path, body, action, ...writeOptions(options) });
    },
    apply: (type, body, options) => object(type, applyRequest(type, body, options)),
    patch: (type, key, body, options) => {
      const path = objectPath(type, key, options?.subresource);
      const action = describe("patch", type, key);
      const contentType = "application/merge-patch+json";
      return object(type, { method: "PATCH", path, body, contentType, action, ...writeOptions(options) });
    },
    delete: async (type, key, options) => {
      await absentAs(undefined, request(deleteRequest(type, key, options)));
    },
  };
}

/** Server-side apply. Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/ */
function applyRequest(type: ResourceType, body: KubeObject, options: ApplyOptions): RawRequest {
  const { query, ...call } = writeOptions(options);
  return {
    method: "PATCH",
    path: objectPath(type, body.metadata, options.subresource),
    // JSON is YAML.
    contentType: "application/apply-patch+yaml",
    body,
    action: describe("apply", type, body.metadata),
    ...call,
    query: { ...query, fieldManager: options.fieldManager, ...(options.force === true ? { force: "true" } : {}) },
  };
}

function deleteRequest(type: ResourceType, key: ObjectKey, options: DeleteOptions = {}): RawRequest {
  const { uid, resourceVersion, propagationPolicy, gracePeriodSeconds, dryRun, ...call } = options;
  const preconditions = { uid, resourceVersion };
  const body = {
    apiVersion: "v1",
    kind: "DeleteOptions",
    preconditions,
    propagationPolicy,
    gracePeriodSeconds,
    ...(dryRun === true ? { dryRun: ["All"] } : {}),
  };
  return { method: "DELETE", path: objectPath(type, key), body, action: describe("delete", type, key), ...call };
}

function writeOptions(options: WriteOptions = {}): Pick<RawRequest, "query" | "signal" | "timeoutMs"> {
  const { signal, timeoutMs, dryRun } = options;
  return {
    ...(signal === undefined ? {} : { signal }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    query: dryRun === true ? { dryRun: "All" } : {},
  };
}

function withSubresource(path: string, options: WriteOptions | undefined): string {
  return options?.subresource === undefined ? path : `${path}/${options.subresource}`;
}

function scoped(namespace: string | undefined, name: string): ObjectKey {
  return namespace === undefined ? { name } : { namespace, name };
}

function describe(verb: string, type: ResourceType, key: ObjectKey): string {
  return `${verb} ${type.kind} "${formatKey(key)}"`;
}

async function absentAs<T, A>(absent: A, call: Promise<T>): Promise<T | A> {
  try {
    return await call;
  } catch (error) {
    if (isKubeError(error, "NotFound")) return absent;
    throw error;
  }
}
