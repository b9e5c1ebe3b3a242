import { adsBootstrap } from "./ads-bootstrap.ts";
import { type AdsResource, serveAds } from "./ads-server.ts";
import { type EnvoyOptions, startEnvoy } from "./envoy.ts";
import { relocate, type Volume } from "./volume.ts";

/**
 * Serves resources over delta ADS to a real Envoy and resolves when it has acknowledged every one: the proof that a
 * golden loads, which `envoy --mode validate` cannot give. Files that the resources name below the sidecar's volume are
 * read from `volume`.
 *
 * Errors: rejects with Envoy's own words when it rejects a resource, and with the names that it never asked for when
 * something is missing that would refer to them (an endpoint without its cluster, a route without its listener).
 */
export async function requireAccepted(
  resources: readonly AdsResource[],
  volume?: Volume,
  options: EnvoyOptions = {},
): Promise<void> {
  const served = volume === undefined ? resources : resources.map((resource) => relocated(resource, volume));
  await using server = await serveAds(served);
  await using envoy = await startEnvoy(adsBootstrap({ port: server.port }), options);
  await server.untilAccepted(10_000);
  await envoy.admin("/server_info");
}

function relocated({ name, body }: AdsResource, volume: Volume): AdsResource {
  return { name, body: relocate(body, volume) };
}
