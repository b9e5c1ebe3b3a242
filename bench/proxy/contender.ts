import type { Sidecar } from "./sidecar/start-sidecar.ts";

/** A control plane with the mesh before it, that a sidecar can listen to. Disposing ends it. */
export interface Contender extends AsyncDisposable {
  /** Starts the sidecar of the measured pod; resolves when it is ready. */
  startSidecar(): Promise<Sidecar>;
}
