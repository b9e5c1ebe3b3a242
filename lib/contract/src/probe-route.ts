/**
 * A call of kubelet's to the application, rewritten to an HTTP GET of the sidecar's `:15020<path>` so that it passes
 * under strict mTLS. The sidecar asks the application at once, at the address at which kubelet asked, and answers with
 * what it found: 200, or the application's own status, is success; anything else is a failure. Nothing is remembered
 * between two calls, so periods and thresholds stay kubelet's.
 */
export type ProbeRoute = HttpProbeRoute | TcpProbeRoute | GrpcProbeRoute;

interface ProbeTarget {
  /**
   * In Istio's form: `/app-health/<container>/readyz|livez|startupz` for a probe, and
   * `/app-lifecycle/<container>/poststartz|prestopz` for a lifecycle hook.
   */
  readonly path: string;
  /** The application's port. */
  readonly port: number;
  /** How long the application may take, in whole seconds from 1 to 3600. */
  readonly timeoutSeconds: number;
}

/** An `httpGet`. Its headers, `Host` among them, stay in the rewritten probe: kubelet sends them and they are passed on. */
export interface HttpProbeRoute extends ProbeTarget {
  readonly kind: "http";
  /** HTTPS does not verify the application's certificate, as kubelet does not. */
  readonly scheme: "HTTP" | "HTTPS";
  /** Path and query to ask the application for. */
  readonly targetPath: string;
}

/** A `tcpSocket`: passes when the application accepts a connection, which is then closed. */
export interface TcpProbeRoute extends ProbeTarget {
  readonly kind: "tcp";
}

/**
 * A `grpc` probe: passes when the health service says SERVING.
 * Source: https://github.com/grpc/grpc/blob/master/doc/health-checking.md
 */
export interface GrpcProbeRoute extends ProbeTarget {
  readonly kind: "grpc";
  /** Name sent to the health service, printable ASCII of at most 1024 characters; often empty. */
  readonly service: string;
}
