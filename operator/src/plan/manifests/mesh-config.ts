import { defaultProxyResources, type MeshConfig, meshConfigKey } from "@meshwright/contract/mesh-config";
import { renderMeshConfig } from "@meshwright/contract/mesh-config-yaml";
import { controlPlaneName } from "@meshwright/contract/volume";
import { components } from "../../api/names.ts";
import type { Installation } from "../installation.ts";
import { type Manifest, revisionLabels } from "../manifest.ts";
import { containerResources } from "./resources.ts";

/** ConfigMap with the mesh's settings; meshd watches it, so that a change is live without a restart. */
export function meshConfigMap(installation: Installation): Manifest {
  const { revision, namespace } = installation;
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: controlPlaneName(revision),
      namespace,
      labels: revisionLabels(installation, components.controlPlane),
    },
    data: { [meshConfigKey]: renderMeshConfig(meshConfig(installation)) },
  };
}

function meshConfig({ revision, spec, images, cni }: Installation): MeshConfig {
  const { mesh, proxy } = spec;
  return {
    revision,
    trustDomain: mesh.trustDomain,
    clusterDomain: mesh.clusterDomain,
    mtls: mesh.mtls,
    outboundTrafficPolicy: mesh.outboundTrafficPolicy,
    accessLog: mesh.accessLog,
    // Said only where it is not the default, so that an earlier control plane understands the settings.
    ...(mesh.enablePrometheusMerge ? {} : { enablePrometheusMerge: false }),
    ...(mesh.accessLogFormat === undefined ? {} : { accessLogFormat: mesh.accessLogFormat }),
    workloadCertificateLifetimeSeconds: spec.ca.workloadLifetimeSeconds,
    redirect: cni.redirect,
    proxy: {
      image: images.proxy,
      imagePullPolicy: spec.images.pullPolicy,
      imagePullSecrets: spec.images.pullSecrets ?? [],
      resources: containerResources(proxy.resources, defaultProxyResources),
      logLevel: proxy.logLevel,
      drainSeconds: proxy.drainSeconds,
      dnsCapture: proxy.dnsCapture,
      ...(proxy.concurrency === undefined ? {} : { concurrency: proxy.concurrency }),
    },
  };
}
