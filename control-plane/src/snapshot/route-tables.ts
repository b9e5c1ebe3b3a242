import { RouteConfigurationSchema } from "@meshwright/xds-api/gen/envoy/config/route/v3/route_pb";
import type { MeshSettings } from "../model/mesh-settings.ts";
import type { Service } from "../model/service.ts";
import type { EncodedResource, ResourceMap } from "../serve/view.ts";
import { isSharedHttpPort, sharedHttpPorts } from "../translate/listener/http-ports.ts";
import { isAliasOf, translateHttpRoutes } from "../translate/route/outbound.ts";
import { encodeResource } from "./encoded.ts";
import { keepEqual } from "./keep-equal.ts";

/** Namespace of nobody: its view of a port has no short names, and serves every namespace without Services on the port. */
const nobody = "";

/** What decides the route tables. */
export interface RouteInputs {
  readonly services: readonly Service[];
  readonly sniffedRoutes: ResourceMap;
  readonly settings: MeshSettings;
}

/** A table, and what it was made of: Services are replaced when they change, so that equal by reference is unchanged. */
interface Table {
  readonly services: readonly Service[];
  readonly settings: MeshSettings;
  readonly resource: EncodedResource;
}

/**
 * Route tables by namespace. A namespace sees its own Services by their short names too, so that only namespaces with
 * Services on a port need a table of their own for it. Tables are made when they are first asked for.
 */
export class RouteTables {
  #inputs: RouteInputs;
  #servicesByPort: ReadonlyMap<number, readonly Service[]>;
  readonly #tables = new Map<string, Table>();
  readonly #scopes = new Map<string, ResourceMap>();
  readonly #current = new Set<string>();

  constructor(inputs: RouteInputs) {
    this.#inputs = inputs;
    this.#servicesByPort = groupByPort(inputs);
  }

  /** Takes new inputs; what was not asked for since the last ones is forgotten. */
  update(inputs: RouteInputs): void {
    for (const namespace of this.#scopes.keys()) if (!this.#current.has(namespace)) this.#scopes.delete(namespace);
    this.#current.clear();
    this.#inputs = inputs;
    this.#servicesByPort = groupByPort(inputs);
    const live = new Set([...this.#servicesByPort.keys()].map(String));
    for (const key of this.#tables.keys()) if (!live.has(key.slice(0, key.indexOf("/")))) this.#tables.delete(key);
  }

  /** All route tables of a namespace by name: the same map as long as nothing in it changes. */
  of(namespace: string): ResourceMap {
    const known = this.#scopes.get(namespace);
    if (known !== undefined && this.#current.has(namespace)) return known;
    const tables = [...this.#servicesByPort].map(([port, services]) => this.#table(port, services, namespace));
    const fresh = new Map([...tables.map((table) => [table.name, table] as const), ...this.#inputs.sniffedRoutes]);
    const scope = keepEqual(known, fresh);
    this.#scopes.set(namespace, scope);
    this.#current.add(namespace);
    return scope;
  }

  #table(port: number, services: readonly Service[], namespace: string): EncodedResource {
    const viewer = services.some((service) => service.namespace === namespace) ? namespace : nobody;
    const { settings } = this.#inputs;
    const key = `${port}/${viewer}`;
    const known = this.#tables.get(key);
    if (known?.settings === settings && areSameServices(known.services, services)) return known.resource;
    const message = translateHttpRoutes(port, services, viewer, settings);
    const made = encodeResource(RouteConfigurationSchema, message.name, message);
    const resource = known?.resource.version === made.version ? known.resource : made;
    this.#tables.set(key, { services, settings, resource });
    return resource;
  }
}

/** Services by the ports on which they share a listener, each followed by its aliases. */
function groupByPort({ services, settings }: RouteInputs): ReadonlyMap<number, readonly Service[]> {
  const aliases = services.filter(({ addressing }) => addressing.kind === "alias");
  const withAliases = (service: Service): readonly Service[] => [
    service,
    ...aliases.filter((alias) => isAliasOf(alias, service, settings)),
  ];
  const hasPort = (service: Service, port: number): boolean =>
    service.ports.some((candidate) => candidate.port === port && isSharedHttpPort(candidate));
  const onPort = (port: number): readonly Service[] =>
    services.filter((service) => hasPort(service, port)).flatMap(withAliases);
  return new Map(sharedHttpPorts(services).map(({ port }) => [port, onPort(port)]));
}

function areSameServices(a: readonly Service[], b: readonly Service[]): boolean {
  return a.length === b.length && a.every((service, index) => service === b[index]);
}
