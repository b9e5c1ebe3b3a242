import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { Server, ServerCredentials, type ServerDuplexStream } from "@grpc/grpc-js";
import { packAny } from "@meshwright/xds-api/any";
import { SecretSchema } from "@meshwright/xds-api/gen/envoy/extensions/transport_sockets/tls/v3/secret_pb";
import {
  type DiscoveryRequest,
  DiscoveryRequestSchema,
  DiscoveryResponseSchema,
} from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import { typeUrls } from "@meshwright/xds-api/type-urls";

type Secret = MessageInitShape<typeof SecretSchema>;

/** A workload's certificate. All PEM. */
export interface Certificate {
  readonly chain: string;
  readonly privateKey: string;
  readonly roots: string;
}

/** Serves what an agent of Istio serves on its socket: the secrets `default` and `ROOTCA`, over SDS. */
export async function serveSecrets(socket: string, certificate: Certificate): Promise<AsyncDisposable> {
  const server = new Server();
  server.addService(definition, {
    streamSecrets: (call: ServerDuplexStream<DiscoveryRequest, Uint8Array>) => {
      call.on("data", (request: DiscoveryRequest) => {
        if (request.responseNonce === "") call.write(response(certificate, request.resourceNames));
      });
      call.on("end", () => call.end());
      call.on("error", () => undefined); // Envoy is stopped while its stream is open
    },
  });
  const { promise: bound, resolve, reject } = Promise.withResolvers<void>();
  server.bindAsync(`unix:${socket}`, ServerCredentials.createInsecure(), (error) =>
    error === null ? resolve() : reject(error),
  );
  await bound;
  return { [Symbol.asyncDispose]: async () => server.forceShutdown() };
}

function response(certificate: Certificate, names: readonly string[]): Uint8Array {
  const resources = secrets(certificate)
    .filter(({ name = "" }) => names.includes(name))
    .map((secret) => packAny(SecretSchema, secret));
  const message = create(DiscoveryResponseSchema, {
    typeUrl: typeUrls.secret,
    versionInfo: "1",
    nonce: "1",
    resources,
  });
  return toBinary(DiscoveryResponseSchema, message);
}

function secrets({ chain, privateKey, roots }: Certificate): Secret[] {
  return [
    {
      name: "default",
      type: { case: "tlsCertificate", value: { certificateChain: inline(chain), privateKey: inline(privateKey) } },
    },
    { name: "ROOTCA", type: { case: "validationContext", value: { trustedCa: inline(roots) } } },
  ];
}

function inline(pem: string) {
  return { specifier: { case: "inlineString", value: pem } } as const;
}

/** Source: https://www.envoyproxy.io/docs/envoy/v1.40.0/configuration/security/secret */
const definition = {
  streamSecrets: {
    path: "/envoy.service.secret.v3.SecretDiscoveryService/StreamSecrets",
    requestStream: true,
    responseStream: true,
    requestSerialize: (bytes: Uint8Array) => Buffer.from(bytes),
    requestDeserialize: (bytes: Buffer) => fromBinary(DiscoveryRequestSchema, bytes),
    responseSerialize: (bytes: Uint8Array) => Buffer.from(bytes),
    responseDeserialize: (bytes: Buffer) => bytes,
  },
};
