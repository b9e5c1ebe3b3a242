import { HttpConnectionManagerSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb";
import { typeUrl } from "@meshwright/xds-api/type-urls";
import { eachField, lengthDelimited } from "./read-response.ts";

/** Field numbers. Source: Envoy's cluster.proto, listener.proto, listener_components.proto, http_connection_manager.proto */
const cluster = { name: 1, type: 2, edsConfig: 3 } as const;
const eds = { typeValue: 3, serviceName: 2 } as const;
const listener = { filterChains: 3, defaultFilterChain: 25 } as const;
const filterChain = { filters: 3 } as const;
const filter = { typedConfig: 4 } as const;
const any = { typeUrl: 1, value: 2 } as const;
const connectionManager = { rds: 3 } as const;
const rds = { routeConfigName: 2 } as const;

const managerType = typeUrl(HttpConnectionManagerSchema.typeName);
const decoder = new TextDecoder();

/** Returns the name under which a cluster's endpoints are asked for; none unless it is of the type EDS. */
export function endpointsOf(body: Uint8Array): readonly string[] {
  let [name, serviceName, isEds] = ["", "", false];
  eachField(body, (number, reader, wireType) => {
    if (number === cluster.name) name = reader.string();
    else if (number === cluster.type) isEds = reader.int32() === eds.typeValue;
    else if (number === cluster.edsConfig) serviceName = text(lengthDelimited(reader.bytes(), eds.serviceName).at(-1));
    else reader.skip(wireType);
  });
  return isEds ? [serviceName || name] : [];
}

/** Returns the names of the route tables that a listener's connection managers ask for. */
export function routesOf(body: Uint8Array): readonly string[] {
  const chains = [listener.filterChains, listener.defaultFilterChain].flatMap((number) =>
    lengthDelimited(body, number),
  );
  const names = chains
    .flatMap((chain) => lengthDelimited(chain, filterChain.filters))
    .flatMap((each) => lengthDelimited(each, filter.typedConfig))
    .filter((config) => text(lengthDelimited(config, any.typeUrl).at(-1)) === managerType)
    .flatMap((config) => lengthDelimited(config, any.value))
    .flatMap((manager) => lengthDelimited(manager, connectionManager.rds))
    .flatMap((source) => lengthDelimited(source, rds.routeConfigName));
  return [...new Set(names.map(text))];
}

function text(bytes: Uint8Array | undefined): string {
  return decoder.decode(bytes);
}
