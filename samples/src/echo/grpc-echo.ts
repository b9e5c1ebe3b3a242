import { isIPv6 } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { create } from "@bufbuild/protobuf";
import { type Metadata, Server, ServerCredentials, type ServerWritableStream } from "@grpc/grpc-js";
import {
  Echo,
  type EchoResponse,
  EchoResponseSchema,
  type EchoStreamRequest,
} from "@meshwright/rpc-api/gen/meshwright/samples/v1/echo_pb";
import { type GrpcHandlers, grpcService } from "@meshwright/rpc-api/grpc-method";
import type { Listen } from "../listen.ts";
import { peerOf } from "../peer.ts";
import type { Replica } from "../replica.ts";

/** Serves `meshwright.samples.v1.Echo`; says on which port. */
export async function startGrpcEcho(
  { host, port }: Listen,
  replica: Replica,
): Promise<{ server: Server; port: number }> {
  const server = new Server();
  server.addService(grpcService(Echo), handlers(replica));
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.bindAsync(
    isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`,
    ServerCredentials.createInsecure(),
    (error, bound) => (error === null ? resolve(bound) : reject(error)),
  );
  return { server, port: await promise };
}

function handlers(replica: Replica): GrpcHandlers<(typeof Echo)["method"]> {
  return {
    echo: (call, callback) => callback(null, answer(call.request.message, call.metadata, replica)),
    echoStream: (call) => {
      void stream(call, replica);
    },
  };
}

async function stream(call: ServerWritableStream<EchoStreamRequest, EchoResponse>, replica: Replica): Promise<void> {
  const { message, count, intervalMs } = call.request;
  for (let index = 0; index < count && !call.cancelled; index++) {
    if (index > 0) await delay(intervalMs);
    call.write(answer(message, call.metadata, replica));
  }
  call.end();
}

function answer(message: string, metadata: Metadata, { name, version }: Replica): EchoResponse {
  const headers = Object.fromEntries(Object.entries(metadata.getMap()).map(([key, value]) => [key, value.toString()]));
  const peer = peerOf(metadata.get("x-forwarded-client-cert").join(","));
  return create(EchoResponseSchema, { message, replica: name, version, protocol: "gRPC", peer, headers });
}
