import type { Collection } from "@meshwright/collections/collection";
import { Graph } from "@meshwright/collections/graph";
import type { ProxyView } from "../serve/view.ts";
import { translateTrustBundle } from "../translate/secret/trust-bundle.ts";
import { deriveBackends } from "./backends.ts";
import { deriveClusters } from "./clusters.ts";
import type { Encoder } from "./encoder.ts";
import { deriveEndpoints } from "./endpoints.ts";
import { deriveHttpPorts } from "./http-ports.ts";
import { deriveInbound } from "./inbound.ts";
import { deriveListeners } from "./listeners.ts";
import { noOrigins } from "./origins.ts";
import { derivePods } from "./pods.ts";
import { secretKind } from "./resource-kinds.ts";
import { deriveRoutes } from "./routes.ts";
import { deriveScopes } from "./scopes.ts";
import { createSources, type Sources } from "./sources.ts";
import { translated } from "./translated.ts";
import { deriveViews } from "./views.ts";

/** What is written, and what follows from it. */
export interface Mesh {
  readonly graph: Graph;
  readonly sources: Sources;
  /** By the key of the connection. */
  readonly views: Collection<ProxyView>;
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
  const secrets = translated(trustBundle, settings, (pem) =>
    encoder.encode(secretKind, () => [translateTrustBundle(pem)], noOrigins),
  );
  const views = deriveViews({
    scopes,
    secrets,
    clusters: deriveClusters({ servers, pods: pods.all, settings }, encoder),
    endpoints: deriveEndpoints(reachable, settings, encoder),
    listeners: deriveListeners({ services, settings, proxies, listening, httpPorts }, encoder),
    routes: deriveRoutes({ services, settings, proxies, httpPorts: httpPorts.numbers }, encoder),
    inbound: deriveInbound(scopes, settings, encoder),
  });
  return { graph, sources, views };
}
