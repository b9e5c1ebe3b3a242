import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { Client, credentials, Server, ServerCredentials, status } from "@grpc/grpc-js";
import { callUnary } from "./call-unary.ts";
import { Echo, EchoRequestSchema, EchoResponseSchema } from "./gen/meshwright/samples/v1/echo_pb.ts";
import { type GrpcHandlers, grpcService } from "./grpc-method.ts";

const service = grpcService(Echo);
const server = new Server();
let client: Client;

const handlers: GrpcHandlers<(typeof Echo)["method"]> = {
  echo: (call, callback) => callback(null, create(EchoResponseSchema, { message: call.request.message })),
  echoStream: (call) => {
    for (let i = 0; i < call.request.count; i++) call.write(create(EchoResponseSchema, { message: `${i}` }));
    call.end();
  },
};

before(async () => {
  server.addService(service, handlers);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
    error === null ? resolve(port) : reject(error),
  );
  client = new Client(`127.0.0.1:${await promise}`, credentials.createInsecure());
});

after(() => {
  client.close();
  server.forceShutdown();
});

test("a definition made from a descriptor works on both sides of a unary call", async () => {
  const answer = await callUnary(client, service.echo, create(EchoRequestSchema, { message: "hello" }));
  assert.equal(answer.message, "hello");
});

test("a stream of answers arrives in order", async () => {
  const { path, requestSerialize, responseDeserialize } = service.echoStream;
  const request = {
    $typeName: "meshwright.samples.v1.EchoStreamRequest",
    message: "",
    count: 3,
    intervalMs: 0,
  } as const;
  const stream = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, request);
  assert.deepEqual(await stream.map((answer: { message: string }) => answer.message).toArray(), ["0", "1", "2"]);
});

test("an aborted call is cancelled", async () => {
  const call = callUnary(client, service.echo, create(EchoRequestSchema), { signal: AbortSignal.abort() });
  await assert.rejects(call, { code: status.CANCELLED });
});
