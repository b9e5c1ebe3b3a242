/**
 * Whether a cluster starts init containers with `restartPolicy: Always` as sidecars: on by default since Kubernetes 1.29.
 * Takes the API server's `/version`, whose minor some providers write as `29+`.
 * Source: https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
 */
export function supportsNativeSidecars(version: { readonly major: string; readonly minor: string }): boolean {
  const major = Number.parseInt(version.major, 10);
  const minor = Number.parseInt(version.minor, 10);
  return major > 1 || (major === 1 && minor >= 29);
}
