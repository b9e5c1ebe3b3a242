import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { relocate, type Volume } from "@meshwright/testing/volume";
import { ResourceSchema } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import type { Accepted, EncodedResource, ProxyView, ResourceMap, ViewSource } from "../../serve/view.ts";

/** Shows each proxy a source's views with the paths of its own volume, since on one machine not all can mount theirs. */
export function relocatedViews(source: ViewSource, volumeOf: (nodeId: string) => Volume): ViewSource {
  return {
    connect: (node, peer) => {
      const connected = source.connect(node, peer);
      return connected.kind === "refused" ? connected : relocated(connected, volumeOf(node.id));
    },
  };
}

function relocated(accepted: Accepted, volume: Volume): Accepted {
  const known = new Map<ResourceMap, ResourceMap>();
  const move = (map: ResourceMap): ResourceMap => {
    const moved = known.get(map) ?? new Map([...map].map(([name, resource]) => [name, moveResource(resource, volume)]));
    known.set(map, moved);
    return moved;
  };
  const current = (): ProxyView => new Map([...accepted.current()].map(([type, map]) => [type, move(map)]));
  return { kind: "accepted", current, onChange: (listener) => accepted.onChange(listener) };
}

function moveResource(encoded: EncodedResource, volume: Volume): EncodedResource {
  const message = fromBinary(ResourceSchema, encoded.bytes);
  if (message.resource === undefined) return encoded;
  const resource = relocate(message.resource, volume);
  return { ...encoded, bytes: toBinary(ResourceSchema, create(ResourceSchema, { ...message, resource })) };
}
