import { join } from "node:path";
import type { JsonObject } from "@bufbuild/protobuf";
import { secretNames, volumeFiles } from "@meshwright/contract/volume";
import type { Volume } from "./volume.ts";

export interface AdsBootstrapOptions {
  /** Port of the ADS server on 127.0.0.1. */
  readonly port: number;
  /** With a volume Envoy speaks mTLS and shows the volume's certificate; else plaintext. */
  readonly volume?: Volume;
}

const extension = "type.googleapis.com/envoy.extensions";

/** Returns the least bootstrap with which Envoy takes clusters and listeners over delta ADS. */
export function adsBootstrap({ port, volume }: AdsBootstrapOptions): JsonObject {
  const source = { ads: {}, resource_api_version: "V3", initial_fetch_timeout: "0s" };
  const grpcServices = [{ envoy_grpc: { cluster_name: "ads" } }];
  return {
    static_resources: { clusters: [adsCluster(port, volume)] },
    dynamic_resources: {
      ads_config: {
        api_type: "DELTA_GRPC",
        transport_api_version: "V3",
        set_node_on_first_message_only: true,
        grpc_services: grpcServices,
      },
      cds_config: source,
      lds_config: source,
    },
  };
}

function adsCluster(port: number, volume: Volume | undefined): JsonObject {
  const address = { socket_address: { address: "127.0.0.1", port_value: port } };
  return {
    name: "ads",
    type: "STATIC",
    typed_extension_protocol_options: {
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
        "@type": `${extension}.upstreams.http.v3.HttpProtocolOptions`,
        explicit_http_config: { http2_protocol_options: {} },
      },
    },
    load_assignment: { cluster_name: "ads", endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] },
    ...(volume === undefined ? {} : { transport_socket: mutualTls(volume) }),
  };
}

function mutualTls({ folder }: Volume): JsonObject {
  const secret = (name: string, file: string): JsonObject => ({
    name,
    sds_config: { resource_api_version: "V3", path_config_source: { path: join(folder, file) } },
  });
  return {
    name: "envoy.transport_sockets.tls",
    typed_config: {
      "@type": `${extension}.transport_sockets.tls.v3.UpstreamTlsContext`,
      common_tls_context: {
        tls_certificate_sds_secret_configs: [secret(secretNames.certificate, volumeFiles.certificateSds)],
        validation_context_sds_secret_config: secret(secretNames.adsTrustBundle, volumeFiles.trustBundleSds),
      },
    },
  };
}
