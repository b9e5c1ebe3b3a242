/** Metadata that our code reads or writes; what the API server sets is absent on objects that were not read from it. */
export interface ObjectMeta {
  readonly name: string;
  /** Absent on cluster-scoped objects. */
  readonly namespace?: string;
  readonly uid?: string;
  /** Opaque; only equality means something. */
  readonly resourceVersion?: string;
  readonly generation?: number;
  /** RFC 3339, seconds. */
  readonly creationTimestamp?: string;
  /** RFC 3339, seconds; set once deletion was asked for and finalizers or a grace period hold the object. */
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** What every Kubernetes object has. Consumers extend it by the fields that they read. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

/** A kind of object and where the API server serves it; `T` is the shape that the caller reads. */
export interface ResourceType<T extends KubeObject = KubeObject> {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** Path segment, as `endpointslices`. */
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Never set: carries `T` for inference. */
  readonly shape?: T;
}

/** Names one object of a given kind. */
export interface ObjectKey {
  readonly name: string;
  /** Absent for cluster-scoped objects. */
  readonly namespace?: string;
}

/** A page-merged list, and the version from which a watch continues it. */
export interface ObjectList<T extends KubeObject> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
}

/** A new object, whose name the server may make (`generateName`) or not want (TokenReview). */
export type NewObject<T extends KubeObject> = Omit<T, "metadata"> & {
  readonly metadata: Partial<ObjectMeta> & { readonly generateName?: string };
};

/** Value of `apiVersion` for objects of a type. */
export function apiVersionOf(type: ResourceType): string {
  return type.group === "" ? type.version : `${type.group}/${type.version}`;
}

/** Key of an object in caches, queues and messages: `namespace/name`, or `name` when cluster-scoped. */
export function keyOf(object: { readonly metadata: ObjectKey }): string {
  return formatKey(object.metadata);
}

/** Renders a key as `namespace/name`, or `name` when cluster-scoped. */
export function formatKey(key: ObjectKey): string {
  return key.namespace === undefined ? key.name : `${key.namespace}/${key.name}`;
}

/** Reads `namespace/name` or `name` back; names hold no slash. */
export function parseKey(key: string): ObjectKey {
  const slash = key.indexOf("/");
  return slash < 0 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
