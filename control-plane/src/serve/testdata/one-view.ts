import { createHash } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import type { WorkloadIdentity } from "@meshwright/contract/identity";
import { encode } from "@meshwright/xds-api/encode";
import { ResourceSchema } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import type { TypeUrl } from "@meshwright/xds-api/type-urls";
import type { Accepted, EncodedResource, ProxyNode, ProxyView, Refused, ViewSource } from "../view.ts";

/** Resources by name; their types are those of the packed messages. */
export type Bodies = Readonly<Record<string, Any>>;

/** Encodes resources for a view; names may repeat under different types, so each list is of one call. */
export function viewOf(...lists: readonly Bodies[]): ProxyView {
  const view = new Map<TypeUrl, Map<string, EncodedResource>>();
  for (const [name, body] of lists.flatMap((bodies) => Object.entries(bodies))) {
    const type = body.typeUrl as TypeUrl;
    const resources = view.get(type) ?? new Map<string, EncodedResource>();
    view.set(type, resources.set(name, encoded(name, body)));
  }
  return view;
}

function encoded(name: string, body: Any): EncodedResource {
  const version = createHash("sha256").update(body.value).digest("hex").slice(0, 16);
  const bytes = encode(ResourceSchema, create(ResourceSchema, { name, version, resource: body }));
  return { name, version, bytes, origins: [] };
}

/** Shows every proxy the same view, and remembers who connected. */
export class OneView implements ViewSource {
  readonly connected: { readonly node: ProxyNode; readonly peer: WorkloadIdentity }[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #refusal: Refused | undefined;
  #view: ProxyView;

  constructor(view: ProxyView, refusal?: Refused) {
    this.#view = view;
    this.#refusal = refusal;
  }

  show(view: ProxyView): void {
    this.#view = view;
    for (const listener of this.#listeners) listener();
  }

  get view(): ProxyView {
    return this.#view;
  }

  get listening(): number {
    return this.#listeners.size;
  }

  connect(node: ProxyNode, peer: WorkloadIdentity): Accepted | Refused {
    if (this.#refusal !== undefined) return this.#refusal;
    this.connected.push({ node, peer });
    return {
      kind: "accepted",
      current: () => this.#view,
      onChange: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
    };
  }
}
