import { configDump } from "./endpoints/config-dump.ts";
import { configz } from "./endpoints/configz.ts";
import { adsz, connections } from "./endpoints/connections.ts";
import type { Endpoint } from "./endpoints/endpoint.ts";
import { endpointz } from "./endpoints/endpointz.ts";
import { fleet } from "./endpoints/fleet.ts";
import { listOf } from "./endpoints/list.ts";
import { registryz } from "./endpoints/registryz.ts";
import { syncz } from "./endpoints/syncz.ts";

const told: readonly Endpoint[] = [fleet, syncz, connections, adsz, registryz, endpointz, configz, configDump];

/** Every path of the debug port. */
export const endpoints: readonly Endpoint[] = [...told, listOf(told)];
