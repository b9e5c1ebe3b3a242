import type { RequestOptions } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";

/** Where an API server is and how to prove to it who is asking. */
export interface Connection {
  readonly server: URL;
  /** What the next request needs: read anew each time, since tokens and CA bundles rotate. */
  credentials(): Promise<Credentials>;
}

export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  /** TLS material; also the agent, where a proxy needs one of its own. */
  readonly options: Omit<RequestOptions, "headers">;
}

/**
 * Finds the API server as kubectl does: the given kubeconfig file, else `KUBECONFIG`, else `~/.kube/config`, else the
 * pod's own service account.
 *
 * Errors: throws when the kubeconfig cannot be read or has no current context.
 */
export function loadConnection(kubeconfig?: string): Connection {
  const config = new KubeConfig();
  if (kubeconfig === undefined) config.loadFromDefault();
  else config.loadFromFile(kubeconfig);
  return connectionOf(config);
}

function connectionOf(config: KubeConfig): Connection {
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    throw new Error(`cannot find the API server: current-context "${config.currentContext}" names no cluster`);
  }
  return {
    server: new URL(cluster.server),
    credentials: () => readCredentials(config, cluster.proxyUrl !== undefined),
  };
}

async function readCredentials(config: KubeConfig, isProxied: boolean): Promise<Credentials> {
  const headers: Record<string, string> = {};
  const options: RequestOptions = { headers };
  await config.applyToHTTPSOptions(options);
  const { agent, headers: _same, ...tls } = options;
  // A token file often ends in a newline, which Node refuses in a header.
  const trimmed = Object.entries(headers).map(([name, value]) => [name, value.trim()] as const);
  return { headers: Object.fromEntries(trimmed), options: isProxied ? { ...tls, agent } : tls };
}
