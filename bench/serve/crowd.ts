import type { ClientKeys } from "@meshwright/testing/client-keys";
import { LightProxy } from "@meshwright/testing/light-proxy";
import { routeTable, serviceNames } from "./load-view.ts";

/** Proxies that connect together. */
export interface Crowd {
  readonly port: number;
  readonly keys: ClientKeys;
  readonly services: number;
  readonly proxies: number;
}

/** Connects them all at once, as after a control plane has restarted; resolves when each has everything. */
export async function connectAll({ port, keys, services, proxies }: Crowd): Promise<readonly LightProxy[]> {
  const endpoints = serviceNames(services);
  const { promise, resolve } = Promise.withResolvers<void>();
  let configured = 0;
  const connected = Array.from({ length: proxies }, (_, n) => {
    const nodeId = `sidecar~127.0.0.1~web-${n}.shop~shop.svc.cluster.local`;
    const proxy = new LightProxy({ port, nodeId, keys, endpoints, routes: [routeTable] });
    let isCounted = false;
    proxy.onResponse(() => {
      if (isCounted || !proxy.isConfigured) return;
      isCounted = true;
      if (++configured === proxies) resolve();
    });
    return proxy;
  });
  await promise;
  return connected;
}
