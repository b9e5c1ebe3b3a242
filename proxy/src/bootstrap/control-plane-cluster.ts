import type { MessageInitShape } from "@bufbuild/protobuf";
import { ports } from "@meshwright/contract/ports";
import { secretNames, volumeFiles, volumeMountPath } from "@meshwright/contract/volume";
import { packAny } from "@meshwright/xds-api/any";
import {
  Cluster_DiscoveryType,
  Cluster_DnsLookupFamily,
  type ClusterSchema,
} from "@meshwright/xds-api/gen/envoy/config/cluster/v3/cluster_pb";
import { ApiVersion } from "@meshwright/xds-api/gen/envoy/config/core/v3/config_source_pb";
import { SubjectAltNameMatcher_SanType } from "@meshwright/xds-api/gen/envoy/extensions/transport_sockets/tls/v3/common_pb";
import type { SdsSecretConfigSchema } from "@meshwright/xds-api/gen/envoy/extensions/transport_sockets/tls/v3/secret_pb";
import { UpstreamTlsContextSchema } from "@meshwright/xds-api/gen/envoy/extensions/transport_sockets/tls/v3/tls_pb";
import { seconds } from "./duration.ts";
import { oneEndpoint } from "./endpoint.ts";
import { http2Options } from "./http2-options.ts";

/** Istio's name for the cluster that leads to the control plane. */
export const controlPlaneClusterName = "xds-grpc";

/** Leads to the control plane over mTLS, with the certificate and the trust bundle from the pod's volume. */
export function controlPlaneCluster(host: string): MessageInitShape<typeof ClusterSchema> {
  return {
    name: controlPlaneClusterName,
    clusterDiscoveryType: { case: "type", value: Cluster_DiscoveryType.STRICT_DNS },
    dnsLookupFamily: Cluster_DnsLookupFamily.ALL,
    connectTimeout: seconds(5),
    loadAssignment: oneEndpoint(controlPlaneClusterName, host, ports.xds),
    transportSocket: {
      name: "envoy.transport_sockets.tls",
      configType: { case: "typedConfig", value: packAny(UpstreamTlsContextSchema, tlsContext(host)) },
    },
    // Pings find a control plane that is gone without a word, as after a node failure, within 40 s.
    ...http2Options({ connectionKeepalive: { interval: seconds(30), timeout: seconds(10) } }),
  };
}

function tlsContext(host: string): MessageInitShape<typeof UpstreamTlsContextSchema> {
  const exact = { matchPattern: { case: "exact", value: host } } as const;
  const bundle = secretFromFile(secretNames.adsTrustBundle, volumeFiles.trustBundleSds);
  return {
    sni: host,
    // No resumption: a resumed session would go on with the certificate of an earlier one after a renewal.
    maxSessionKeys: 0,
    commonTlsContext: {
      tlsCertificateSdsSecretConfigs: [secretFromFile(secretNames.certificate, volumeFiles.certificateSds)],
      validationContextType: {
        case: "combinedValidationContext",
        value: {
          defaultValidationContext: {
            matchTypedSubjectAltNames: [{ sanType: SubjectAltNameMatcher_SanType.DNS, matcher: exact }],
          },
          validationContextSdsSecretConfig: bundle,
        },
      },
    },
  };
}

function secretFromFile(name: string, file: string): MessageInitShape<typeof SdsSecretConfigSchema> {
  const path = `${volumeMountPath}/${file}`;
  const source = { case: "pathConfigSource", value: { path } } as const;
  return { name, sdsConfig: { configSourceSpecifier: source, resourceApiVersion: ApiVersion.V3 } };
}
