/** Version of an API server as its `/version` tells it; some providers write the minor as `29+`. */
interface ServerVersion {
  readonly major: string;
  readonly minor: string;
}

/**
 * Whether a pod with init containers of `restartPolicy: Always` runs wherever it may be scheduled: on by default since
 * Kubernetes 1.29. An older API server drops the field and an older kubelet ignores it, and both would wait for the
 * sidecar to end. Kubelets may be three minor versions older than their API server; their versions are as `v1.29.3`.
 * Sources: https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/, https://kubernetes.io/releases/version-skew-policy/
 */
export function supportsNativeSidecars(server: ServerVersion, kubelets: readonly string[] = []): boolean {
  return isRecent(server.major, server.minor) && kubelets.every(isRecentKubelet);
}

function isRecentKubelet(version: string): boolean {
  const [major = "", minor = ""] = version.replace(/^v/, "").split(".");
  return isRecent(major, minor);
}

function isRecent(majorText: string, minorText: string): boolean {
  const major = Number.parseInt(majorText, 10);
  const minor = Number.parseInt(minorText, 10);
  return major > 1 || (major === 1 && minor >= 29);
}
