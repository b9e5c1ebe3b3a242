import { randomBytes } from "node:crypto";
import { create, toBinary } from "@bufbuild/protobuf";
import type { EncodedResource, ProxyView, ResourceMap } from "@meshwright/control-plane/serve/view";
import { ResourceSchema } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import { typeUrls } from "@meshwright/xds-api/type-urls";

/** About what a Service of one HTTP port with four endpoints costs of each type, in bytes; the route table holds all. */
const bytesPerService = { cluster: 1_000, endpoint: 700, listener: 800, route: 500 } as const;

export const routeTable = "80";

export function serviceNames(services: number): readonly string[] {
  return Array.from({ length: services }, (_, n) => `outbound|80||service-${n}.namespace-${n % 20}.svc.cluster.local`);
}

/** A view of so many Services, of resources that have the usual sizes and no meaning. */
export function loadView(services: number): ProxyView {
  const names = serviceNames(services);
  return new Map([
    [typeUrls.cluster, mapOf(names, bytesPerService.cluster)],
    [typeUrls.endpoint, mapOf(names, bytesPerService.endpoint)],
    [typeUrls.listener, mapOf(names, bytesPerService.listener)],
    [typeUrls.route, mapOf([routeTable], bytesPerService.route * services)],
  ]);
}

/** The view with another version of one endpoint resource. */
export function withChangedEndpoint(view: ProxyView, name: string): ProxyView {
  const changed = new Map(view.get(typeUrls.endpoint));
  changed.set(name, resource(name, bytesPerService.endpoint));
  return new Map(view).set(typeUrls.endpoint, changed);
}

function mapOf(names: readonly string[], sizeBytes: number): ResourceMap {
  return new Map(names.map((name) => [name, resource(name, sizeBytes)]));
}

function resource(name: string, sizeBytes: number): EncodedResource {
  const version = randomBytes(16).toString("base64url");
  const value = randomBytes(sizeBytes - name.length - version.length);
  const fields = { name, version, resource: { typeUrl: "type.googleapis.com/load", value } };
  return { name, version, bytes: toBinary(ResourceSchema, create(ResourceSchema, fields)), origins: [] };
}
