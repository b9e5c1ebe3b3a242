import { ports } from "@meshwright/contract/ports";
import { controlPlaneName } from "@meshwright/contract/volume";
import { components } from "../../api/names.ts";
import type { Installation } from "../installation.ts";
import { type Manifest, revisionLabels } from "../manifest.ts";
import { controlPlaneSelector } from "./control-plane.ts";

/** The Service under which node agents, sidecars and the API server reach a revision. */
export function controlPlaneService(installation: Installation): Manifest {
  const { revision, namespace } = installation;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: controlPlaneName(revision),
      namespace,
      labels: revisionLabels(installation, components.controlPlane),
    },
    spec: {
      type: "ClusterIP",
      selector: controlPlaneSelector(revision),
      ports: [
        { name: "grpc-xds", port: ports.xds, targetPort: ports.xds, protocol: "TCP" },
        { name: "http-monitoring", port: ports.monitoring, targetPort: ports.monitoring, protocol: "TCP" },
        { name: "https-debug", port: ports.debug, targetPort: ports.debug, protocol: "TCP" },
        {
          name: "http-injector",
          port: ports.injectorMonitoring,
          targetPort: ports.injectorMonitoring,
          protocol: "TCP",
        },
        { name: "https-webhook", port: 443, targetPort: ports.webhook, protocol: "TCP" },
      ],
    },
  };
}
