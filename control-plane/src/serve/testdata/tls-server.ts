import type { Authority } from "@meshwright/pki/authority";
import { issueServing } from "@meshwright/pki/serving";
import { type RpcServer, type RpcService, serveRpc } from "../rpc-server.ts";
import { type ServingCertificate, ServingCredentials } from "../serving-credentials.ts";

/** Issues what a control plane on loopback serves with. */
export async function servingCertificate(authority: Authority, name = "localhost"): Promise<ServingCertificate> {
  const request = { dnsNames: [name], now: new Date(), lifetimeMs: 60 * 60_000 };
  const { certificatePem, keyPem } = await issueServing(authority, request);
  return { certificate: certificatePem, privateKey: keyPem, roots: authority.rootsPem };
}

/** Serves over TLS, by default on a free port of 127.0.0.1. */
export async function serveTls(authority: Authority, service: RpcService, address = "127.0.0.1:0"): Promise<RpcServer> {
  const credentials = new ServingCredentials(await servingCertificate(authority));
  return serveRpc(address, credentials, [service]);
}
