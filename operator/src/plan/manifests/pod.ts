import { ports } from "@meshwright/contract/ports";
import type { Installation } from "../installation.ts";

/** What all our pods share: where images come from. */
export function imagePulls({ spec }: Installation): object {
  const secrets = spec.images.pullSecrets ?? [];
  return secrets.length === 0 ? {} : { imagePullSecrets: secrets.map((name) => ({ name })) };
}

/** An HTTP probe of the monitoring port, or of another that serves the same. */
export function monitoringProbe(
  path: "/ready" | "/live",
  periodSeconds: number,
  failureThreshold: number,
  port: number = ports.monitoring,
): object {
  return { httpGet: { path, port }, periodSeconds, failureThreshold, timeoutSeconds: 3 };
}
