import { once } from "node:events";
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from "node:http2";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import type { ClientKeys } from "@meshwright/testing/client-keys";
import { AggregatedDiscoveryService } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/ads_pb";
import { DeltaDiscoveryRequestSchema } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";

/** A client with or without a certificate. */
export type Keys = Partial<ClientKeys> & Pick<ClientKeys, "roots">;

const { name } = AggregatedDiscoveryService.method.deltaAggregatedResources;

/** The headers of a discovery call. */
export const callHeaders = {
  ":method": "POST",
  ":path": `/${AggregatedDiscoveryService.typeName}/${name}`,
  "content-type": "application/grpc",
  te: "trailers",
};

function tlsOptions({ certificate, privateKey, roots }: Keys) {
  return {
    ca: roots,
    servername: "localhost",
    ...(certificate && { cert: certificate }),
    ...(privateKey && { key: privateKey }),
  };
}

/** TLS, and nothing spoken over it. */
export async function openTls(port: number, keys: Keys): Promise<TLSSocket> {
  const socket = connectTls({ host: "127.0.0.1", port, ALPNProtocols: ["h2"], ...tlsOptions(keys) });
  socket.on("error", () => undefined);
  await once(socket, "secureConnect");
  return socket;
}

/** HTTP/2, and no call on it. */
export async function openHttp2(port: number, keys: Keys): Promise<ClientHttp2Session> {
  const session = connect(`https://localhost:${port}`, { ...tlsOptions(keys) });
  session.on("error", () => undefined);
  await once(session, "connect");
  return session;
}

/** A discovery call that says nothing yet, and of whose answers nothing is read. */
export function openCall(
  session: ClientHttp2Session,
  headers: Readonly<Record<string, string>> = {},
): ClientHttp2Stream {
  const stream = session.request({ ...callHeaders, ...headers });
  stream.on("error", () => undefined);
  return stream;
}

/** A message as gRPC frames it. */
export function framed(bytes: Uint8Array, { isCompressed = false, claimedLength = bytes.length } = {}): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(isCompressed ? 1 : 0, 0);
  head.writeUInt32BE(claimedLength, 1);
  return Buffer.concat([head, bytes]);
}

/** A framed request. */
export function request(fields: MessageInitShape<typeof DeltaDiscoveryRequestSchema>): Buffer {
  return framed(toBinary(DeltaDiscoveryRequestSchema, create(DeltaDiscoveryRequestSchema, fields)));
}

/** The gRPC status that ends a call; undefined when its connection was closed without one. */
export async function statusOf(stream: ClientHttp2Stream): Promise<number | undefined> {
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  const read = (headers: Readonly<Record<string, unknown>>): void => {
    if ("grpc-status" in headers) resolve(Number(headers["grpc-status"]));
  };
  stream.on("response", read);
  stream.on("trailers", read);
  stream.on("close", () => resolve(undefined));
  stream.resume();
  return promise;
}
