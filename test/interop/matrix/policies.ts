import type { KubePeerAuthentication } from "@meshwright/control-plane/watch/kube-shapes";
import { servicePort } from "../bed/service-ports.ts";

const apiVersion = "security.istio.io/v1";
const kind = "PeerAuthentication";

/** Sets the namespace of the bed to plaintext. */
export const disabled: KubePeerAuthentication = {
  apiVersion,
  kind,
  metadata: { name: "default", namespace: "shop" },
  spec: { mtls: { mode: "DISABLE" } },
};

/** Ports that take plaintext beside mTLS, and ports that take nothing else. */
const permissivePorts = ["http", "tcp"] as const;
const disabledPorts = ["http2", "tls"] as const;

/** Says it of single ports. */
export const byPort: KubePeerAuthentication = {
  apiVersion,
  kind,
  metadata: { name: "web", namespace: "shop" },
  spec: {
    selector: { matchLabels: { app: "web" } },
    portLevelMtls: Object.fromEntries([
      ...permissivePorts.map((name) => [servicePort(name).targetPort, { mode: "PERMISSIVE" }] as const),
      ...disabledPorts.map((name) => [servicePort(name).targetPort, { mode: "DISABLE" }] as const),
    ]),
  },
};
