/** Labels and annotations that users of Istio know, with the meaning they know. */
export const labels = {
  injection: "istio-injection",
  revision: "istio.io/rev",
  inject: "sidecar.istio.io/inject",
  tlsMode: "security.istio.io/tlsMode",
  canonicalName: "service.istio.io/canonical-name",
  canonicalRevision: "service.istio.io/canonical-revision",
  /** Name of a tag, on the webhook that injects for it. */
  tag: "istio.io/tag",
  /** Name of the owning MeshInstall, on every object that the operator manages. */
  install: "meshwright.dev/install",
  managedBy: "app.kubernetes.io/managed-by",
} as const;

/** The revision or tag that `istio-injection: enabled` and `sidecar.istio.io/inject: "true"` mean, as in Istio. */
export const defaultRevision = "default";

export const annotations = {
  /** JSON of what the injector added; its presence marks an injected pod. */
  status: "sidecar.istio.io/status",
  revision: "istio.io/rev",
} as const;

/** Value of `security.istio.io/tlsMode` on a pod whose sidecar accepts mesh mTLS. */
export const meshTlsMode = "istio";
