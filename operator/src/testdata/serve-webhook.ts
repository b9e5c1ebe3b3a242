import { createServer, type Server } from "node:https";
import { typed } from "@meshwright/kube/resource-types";
import type { KubeObject } from "@meshwright/kube/types";
import { readAuthority } from "@meshwright/pki/authority";
import { issueServing } from "@meshwright/pki/serving";
import { secretType } from "../api/managed-types.ts";
import type { Site } from "./site.ts";

interface Secret extends KubeObject {
  readonly data: Readonly<Record<string, string>>;
}

/** A server where the operator looks for webhooks, with the certificate that the meshd of each revision would give itself. */
export async function serveWebhook(
  { client, webhookPort }: Pick<Site, "client" | "webhookPort">,
  ...revisions: readonly string[]
): Promise<Server> {
  const secret = await client.get(typed<Secret>(secretType), { name: "meshwright-ca", namespace: "mesh-system" });
  const text = (key: string): string => Buffer.from(secret?.data[key] ?? "", "base64").toString();
  const files = { certificatePem: text("tls.crt"), keyPem: text("tls.key"), rootsPem: text("ca.crt") };
  const dnsNames = revisions.map((revision) => `meshd-${revision}.mesh-system.svc`);
  const request = { dnsNames, now: new Date(), lifetimeMs: 3_600_000 };
  const { certificatePem, keyPem } = await issueServing(readAuthority(files), request);
  const server = createServer({ cert: certificatePem, key: keyPem }, (_request, response) => response.end("ok"));
  return server.listen(webhookPort, "127.0.0.1");
}
