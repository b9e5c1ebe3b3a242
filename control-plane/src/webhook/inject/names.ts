/** What the injector adds is named as Istio names it, since `kubectl logs -c istio-proxy` is a habit. */
export const sidecarName = "istio-proxy";
export const redirectName = "istio-init";
export const volumeName = "meshwright";
