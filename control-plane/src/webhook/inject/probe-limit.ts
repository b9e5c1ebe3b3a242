/** What the node agent serves of one pod: it refuses more when the pod starts, where nobody looks. */
const maxRoutes = 64;
const maxBytes = 16 * 1024;

/** Why a pod has more probes than the sidecar can answer; undefined: it has not. */
export function tooManyProbes(routes: readonly unknown[]): string | undefined {
  const bytes = Buffer.byteLength(JSON.stringify(routes));
  if (routes.length <= maxRoutes && bytes <= maxBytes) return undefined;
  return `it has ${routes.length} probes and hooks over the network (${bytes} bytes): the sidecar answers at most ${maxRoutes} (${maxBytes} bytes), so use exec for the others, or set the annotation sidecar.istio.io/rewriteAppHTTPProbers to "false"`;
}
