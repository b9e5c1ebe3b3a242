import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { Client, credentials, status } from "@grpc/grpc-js";
import type { Authority } from "@meshwright/pki/authority";
import { callUnary } from "@meshwright/rpc-api/call-unary";
import { Echo, EchoRequestSchema, EchoResponseSchema } from "@meshwright/rpc-api/gen/meshwright/samples/v1/echo_pb";
import { type GrpcHandlers, grpcService } from "@meshwright/rpc-api/grpc-method";
import { type ClientKeys, createClientKeys } from "@meshwright/testing/client-keys";
import { createAuthority } from "@meshwright/testing/volume";
import type { RpcService } from "./rpc-server.ts";
import { serveTls } from "./testdata/tls-server.ts";

const service = grpcService(Echo);
const handlers: GrpcHandlers<(typeof Echo)["method"]> = {
  echo: (call, callback) => callback(null, create(EchoResponseSchema, { message: call.request.message })),
  echoStream: (call) => call.end(),
};
const echo: RpcService = { kind: "newcomers", definition: service, handlers };

let authority: Authority;
let keys: ClientKeys;
before(async () => {
  authority = await createAuthority();
  keys = await createClientKeys(authority, { trustDomain: "cluster.local", namespace: "shop", serviceAccount: "web" });
});

/** Calls the service once; resolves with the answer or the code of the status. */
async function call(message: string, own: Pick<ClientKeys, "roots"> & Partial<ClientKeys>): Promise<string> {
  await using server = await serveTls(authority, echo);
  const tls = credentials.createSsl(own.roots, own.privateKey ?? null, own.certificate ?? null);
  const client = new Client(`localhost:${server.port}`, tls);
  const answer = callUnary(client, service.echo, create(EchoRequestSchema, { message }));
  const outcome = await answer.then(
    (response) => response.message,
    ({ code }: { readonly code: status }) => status[code],
  );
  client.close();
  return outcome;
}

describe("what is served to clients without a certificate", () => {
  test("answers them", async () => {
    assert.equal(await call("hello", { roots: keys.roots }), "hello");
  });

  test("takes no more from them than it is for", async () => {
    assert.equal(await call("x".repeat(17 * 1024), { roots: keys.roots }), "RESOURCE_EXHAUSTED");
  });

  test("answers a client whose certificate is another root's, which proves nothing", async () => {
    const foreign = await createClientKeys(await createAuthority(), {
      trustDomain: "cluster.local",
      namespace: "shop",
      serviceAccount: "web",
    });
    assert.equal(await call("hello", { ...foreign, roots: keys.roots }), "hello");
  });

  test("is not there for those with one, who get discovery alone", async () => {
    assert.equal(await call("hello", keys), "UNIMPLEMENTED");
  });
});
