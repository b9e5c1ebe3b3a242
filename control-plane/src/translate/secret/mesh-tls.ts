import type { MessageInitShape } from "@bufbuild/protobuf";
import { secretNames, volumeFiles, volumeMountPath } from "@meshwright/contract/volume";
import { SubjectAltNameMatcher_SanType as SanType } from "@meshwright/xds-api/gen/envoy/extensions/transport_sockets/tls/v3/common_pb";
import {
  type CommonTlsContextSchema,
  DownstreamTlsContextSchema,
  UpstreamTlsContextSchema,
} from "@meshwright/xds-api/gen/envoy/extensions/transport_sockets/tls/v3/tls_pb";
import { adsSource, fileSource } from "../config-source.ts";
import { type TransportSocket, transportSocket } from "../transport-socket.ts";
import type { PeerIdentity } from "./peer-identity.ts";

const socketName = "envoy.transport_sockets.tls";

/** Translates the client's side of mesh mTLS: the server must prove to be one of the peers. */
export function upstreamMeshTls(sni: string, peers: readonly PeerIdentity[]): TransportSocket {
  // No alpn_protocols: HTTP pools then say h2 or http/1.1 themselves and TCP says none, which is how a server whose
  // port is sniffed tells the two apart.
  return transportSocket(socketName, UpstreamTlsContextSchema, { sni, commonTlsContext: commonContext([], peers) });
}

/** Translates the server's side of mesh mTLS: any client of the mesh, and none without a certificate. */
export function downstreamMeshTls(alpnProtocols: readonly string[]): TransportSocket {
  return transportSocket(socketName, DownstreamTlsContextSchema, {
    requireClientCertificate: true,
    commonTlsContext: commonContext(alpnProtocols, []),
  });
}

/** The leaf comes from the node agent's file; the trust bundle over ADS, where an ACK proves that it is in use. */
function commonContext(
  alpnProtocols: readonly string[],
  peers: readonly PeerIdentity[],
): MessageInitShape<typeof CommonTlsContextSchema> {
  const certificate = fileSource(`${volumeMountPath}/${volumeFiles.certificateSds}`);
  return {
    alpnProtocols: [...alpnProtocols],
    tlsCertificateSdsSecretConfigs: [{ name: secretNames.certificate, sdsConfig: certificate }],
    validationContextType: {
      case: "combinedValidationContext",
      value: {
        defaultValidationContext: { matchTypedSubjectAltNames: peers.map(sanMatcher) },
        validationContextSdsSecretConfig: { name: secretNames.trustBundle, sdsConfig: adsSource() },
      },
    },
  };
}

function sanMatcher({ kind, uri }: PeerIdentity) {
  return { sanType: SanType.URI, matcher: { matchPattern: { case: kind, value: uri } } } as const;
}
