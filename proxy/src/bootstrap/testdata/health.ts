import assert from "node:assert/strict";
import { promisify } from "node:util";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { type handleUnaryCall, Server, ServerCredentials, status } from "@grpc/grpc-js";

export type HealthAnswer = "serving" | "notServing" | "unknown" | "notFound" | "nothing";

/** HealthCheckResponse with field 1 as the number says. */
const healthMessages = { unknown: [8, 0], serving: [8, 1], notServing: [8, 2] } as const;

/** An application's health service, by its real gRPC library. */
export async function startHealth(services: Record<string, HealthAnswer>) {
  const asIs = (bytes: Buffer): Buffer => bytes;
  const check = {
    path: "/grpc.health.v1.Health/Check",
    requestStream: false,
    responseStream: false,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  };
  const server = new Server();
  const handle: handleUnaryCall<Buffer, Buffer> = ({ request }, callback) => {
    const answer = services[serviceName(request)] ?? "notFound";
    if (answer === "notFound") callback({ code: status.NOT_FOUND });
    else if (answer !== "nothing") callback(null, Buffer.from(healthMessages[answer]));
  };
  server.addService({ check }, { check: handle });
  const port = await promisify(server.bindAsync.bind(server))("127.0.0.1:0", ServerCredentials.createInsecure());
  return { port, services, [Symbol.asyncDispose]: async () => server.forceShutdown() };
}

/** Field 1 of a HealthCheckRequest. */
function serviceName(request: Buffer): string {
  const reader = new BinaryReader(request);
  if (reader.len === 0) return "";
  assert.deepEqual(reader.tag(), [1, WireType.LengthDelimited]);
  return reader.string();
}
