import type { ClientKeys } from "@meshwright/testing/client-keys";
import { type DeltaStream, DiscoveryClient } from "@meshwright/testing/discovery-client";
import type { DeltaDiscoveryResponse } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import { type TypeUrl, typeUrls } from "@meshwright/xds-api/type-urls";

const { cluster, endpoint, listener, route } = typeUrls;
const types = [cluster, endpoint, listener, route];

/** What a proxy was sent. */
export interface Received {
  readonly resources: number;
  readonly removed: number;
  readonly bytes: number;
}

/**
 * A client that speaks delta ADS as Envoy does: everything of clusters and listeners, endpoints of each cluster, and the
 * route tables that it is told of; it acknowledges whatever comes, and tells what it has when it connects again.
 */
export class RawProxy implements Disposable {
  readonly #nodeId: string;
  readonly #keys: ClientKeys;
  readonly #routes: readonly string[];
  readonly #versions = new Map<TypeUrl, Map<string, string>>(types.map((type) => [type, new Map()]));
  #client: DiscoveryClient | undefined;
  #stream: DeltaStream | undefined;
  #received = { resources: 0, removed: 0 };
  #onResponse: () => void = () => undefined;

  constructor(nodeId: string, keys: ClientKeys, routes: readonly string[] = []) {
    this.#nodeId = nodeId;
    this.#keys = keys;
    this.#routes = routes;
  }

  /** Connects, or connects again with what it has, and counts from zero what it is sent. */
  connect(port: number): void {
    this[Symbol.dispose]();
    this.#received = { resources: 0, removed: 0 };
    this.#client = new DiscoveryClient(port, this.#keys);
    const stream = this.#client.delta();
    this.#stream = stream;
    const subscriptions: readonly (readonly [TypeUrl, readonly string[]])[] = [
      [cluster, []],
      [listener, []],
      [route, this.#routes],
      [endpoint, [...this.#of(endpoint).keys()]],
    ];
    const asked = subscriptions.filter(([type, names]) => type === cluster || type === listener || names.length > 0);
    for (const [index, [typeUrl, resourceNamesSubscribe]] of asked.entries())
      stream.send({
        typeUrl,
        resourceNamesSubscribe: [...resourceNamesSubscribe],
        initialResourceVersions: Object.fromEntries(this.#of(typeUrl)),
        ...(index === 0 && { node: { id: this.#nodeId } }),
      });
    void this.#listen(stream);
  }

  has(type: TypeUrl): ReadonlyMap<string, string> {
    return this.#of(type);
  }

  /** What it was sent since it connected. */
  get received(): Received {
    return { ...this.#received, bytes: this.#stream?.receivedBytes ?? 0 };
  }

  /** Calls the listener after each response. */
  onResponse(listener: () => void): void {
    this.#onResponse = listener;
  }

  [Symbol.dispose](): void {
    this.#stream?.[Symbol.dispose]();
    this.#client?.[Symbol.dispose]();
  }

  #of(type: TypeUrl): Map<string, string> {
    return this.#versions.get(type) ?? new Map();
  }

  async #listen(stream: DeltaStream): Promise<void> {
    let hasEnded = false;
    void stream.ended.then(() => {
      hasEnded = true;
    });
    while (!hasEnded) {
      const response = await stream.next().catch(() => undefined);
      if (response !== undefined) this.#take(stream, response);
    }
  }

  #take(stream: DeltaStream, { typeUrl, nonce, resources, removedResources }: DeltaDiscoveryResponse): void {
    const known = this.#of(typeUrl as TypeUrl);
    const isNew = resources.filter(({ name }) => !known.has(name)).map(({ name }) => name);
    for (const { name, version } of resources) known.set(name, version);
    for (const name of removedResources) known.delete(name);
    this.#received.resources += resources.length;
    this.#received.removed += removedResources.length;
    stream.send({ typeUrl, responseNonce: nonce });
    if (typeUrl === cluster && (isNew.length > 0 || removedResources.length > 0))
      stream.send({ typeUrl: endpoint, resourceNamesSubscribe: isNew, resourceNamesUnsubscribe: removedResources });
    this.#onResponse();
  }
}
