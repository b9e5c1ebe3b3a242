import { stringify } from "yaml";
import type { KeyPair } from "./certificates.ts";
import { apiServerUrl } from "./topology.ts";

/** Renders a kubeconfig that holds its certificates itself, so that it works from anywhere on the machine. */
export function kubeconfig(caCertificate: string, user: KeyPair): string {
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  const cluster = { server: apiServerUrl, "certificate-authority-data": base64(caCertificate) };
  const credentials = {
    "client-certificate-data": base64(user.certificate),
    "client-key-data": base64(user.privateKey),
  };
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "meshwright", cluster }],
    users: [{ name: "user", user: credentials }],
    contexts: [{ name: "meshwright", context: { cluster: "meshwright", user: "user" } }],
    "current-context": "meshwright",
  });
}
