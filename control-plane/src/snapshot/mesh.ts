import { Graph } from "@meshwright/collections/graph";
import { deriveBackends } from "./backends.ts";
import { deriveClusters } from "./clusters.ts";
import type { Encoder } from "./encoder.ts";
import { deriveEndpoints } from "./endpoints.ts";
import { deriveHttpPorts } from "./http-ports.ts";
import { deriveInbound } from "./inbound.ts";
import { deriveListeners } from "./listeners.ts";
import { derivePods } from "./pods.ts";
import { deriveRoutes } from "./routes.ts";
import { deriveScopes } from "./scopes.ts";
import { deriveSecrets } from "./secrets.ts";
import { createSources, type Sources, settingsBut } from "./sources.ts";
import { deriveViews, type Views } from "./views.ts";

/** What is written, and what follows from it. */
export interface Mesh extends Views {
  readonly graph: Graph;
  readonly sources: Sources;
}

/**
 * Wires the model of the mesh: each collection to those that it is made of.
 *
 * @param onFailure told of what could not be derived
 */
export function createMesh(encoder: Encoder, onFailure: (error: Error) => void): Mesh {
  const graph = new Graph(onFailure);
  const sources = createSources(graph);
  const { services, settings, proxies, trustBundle } = sources;
  const pods = derivePods(sources);
  const { servers, reachable, listening } = deriveBackends(sources, pods.all);
  const httpPorts = deriveHttpPorts(services);
  const scopes = deriveScopes(sources, pods);
  // What the mesh's default for mTLS means is said by the pods; the rest has its effect where it is not left out.
  const [forClusters, forRoutes, forListeners] = [
    settingsBut(settings, ["mtls", "outboundTraffic", "accessLog", "countsAttempts"]),
    settingsBut(settings, ["mtls", "accessLog"]),
    settingsBut(settings, ["mtls", "countsAttempts"]),
  ];
  const shown = deriveViews({
    scopes,
    secrets: deriveSecrets(trustBundle, encoder),
    clusters: deriveClusters({ servers, pods: pods.all, settings: forClusters }, encoder),
    endpoints: deriveEndpoints(reachable, forClusters, encoder),
    listeners: deriveListeners({ services, settings: forListeners, proxies, listening, httpPorts }, encoder),
    routes: deriveRoutes({ services, settings: forRoutes, proxies, httpPorts: httpPorts.numbers }, encoder),
    inbound: deriveInbound(scopes, forListeners, encoder),
  });
  return { graph, sources, ...shown };
}
