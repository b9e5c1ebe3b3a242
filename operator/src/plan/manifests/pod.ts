import { ports } from "@meshwright/contract/ports";
import type { Installation } from "../installation.ts";

/** What all our pods share: where images come from. */
export function imagePulls({ spec }: Installation): object {
  const secrets = spec.images.pullSecrets ?? [];
  return secrets.length === 0 ? {} : { imagePullSecrets: secrets.map((name) => ({ name })) };
}

/** An HTTP probe of the monitoring port. */
export function monitoringProbe(path: "/ready" | "/live", periodSeconds: number, failureThreshold: number): object {
  return { httpGet: { path, port: ports.monitoring }, periodSeconds, failureThreshold, timeoutSeconds: 3 };
}
