import { ports } from "@meshwright/contract/ports";
import type { ProbeRoute } from "@meshwright/contract/probe-route";
import type { Container, Handler } from "./pod.ts";

/** What a call becomes, and the field of the handler that said it. */
export interface RoutedCall {
  readonly replaced: "httpGet" | "tcpSocket" | "grpc";
  readonly route: ProbeRoute;
}

/** The node agent refuses a longer one. */
const maxTargetLength = 1024;

/** The sidecar's route for a call to a container; undefined for one that stays kubelet's. */
export function probeRoute(
  container: Container,
  { httpGet, tcpSocket, grpc }: Handler,
  call: Pick<ProbeRoute, "path" | "timeoutSeconds">,
): RoutedCall | undefined {
  if (httpGet !== undefined) {
    const port = ownPort(container, httpGet);
    const targetPath = absolute(httpGet.path);
    if (port === undefined || targetPath.length > maxTargetLength) return undefined;
    const scheme = httpGet.scheme ?? "HTTP";
    return { replaced: "httpGet", route: { kind: "http", ...call, port, targetPath, scheme } };
  }
  if (tcpSocket !== undefined) {
    const port = ownPort(container, tcpSocket);
    return port === undefined ? undefined : { replaced: "tcpSocket", route: { kind: "tcp", ...call, port } };
  }
  const port = grpc && ownPort(container, grpc);
  if (grpc === undefined || port === undefined) return undefined;
  return { replaced: "grpc", route: { kind: "grpc", ...call, port, service: grpc.service ?? "" } };
}

/** The port of a call to the pod itself, unless it was rewritten before. */
function ownPort(
  container: Container,
  { port, host = "" }: { readonly port: number | string; readonly host?: string },
): number | undefined {
  if (host !== "") return undefined;
  const number = typeof port === "number" ? port : container.ports?.find(({ name }) => name === port)?.containerPort;
  const isTarget = number !== undefined && number >= 1 && number <= 65_535 && number !== ports.mergedMetrics;
  return isTarget ? number : undefined;
}

/** As kubelet does: an empty path is the root, a path without a slash gets one, and what is not printable is escaped. */
function absolute(path = "/"): string {
  const rooted = path.startsWith("/") ? path : `/${path}`;
  return /^[\x21-\x7e]*$/.test(rooted) ? rooted : encodeURI(rooted.toWellFormed());
}
