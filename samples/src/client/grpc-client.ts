import { create } from "@bufbuild/protobuf";
import { Client as Channel, credentials, Metadata } from "@grpc/grpc-js";
import { callUnary } from "@meshwright/rpc-api/call-unary";
import { Echo, EchoRequestSchema } from "@meshwright/rpc-api/gen/meshwright/samples/v1/echo_pb";
import { grpcService } from "@meshwright/rpc-api/grpc-method";
import type { Client, ClientOptions } from "./client.ts";

const { echo } = grpcService(Echo);

/** Calls `meshwright.samples.v1.Echo/Echo`, spread over the connections in turn. */
export function grpcClient({ url, headers, connections }: ClientOptions): Client {
  // without pools of their own all channels to one address would share a connection
  const options = { "grpc.use_local_subchannel_pool": 1, "grpc.enable_retries": 0 };
  const channels = Array.from(
    { length: connections },
    () => new Channel(`${url.hostname}:${url.port || 80}`, credentials.createInsecure(), options),
  );
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  let turn = 0;
  return {
    send: async (signal) => {
      turn = (turn + 1) % connections;
      const channel = channels[turn];
      if (channel === undefined) throw new RangeError("a gRPC client needs at least one connection");
      const answer = await callUnary(channel, echo, create(EchoRequestSchema, { message: "hello" }), {
        metadata: metadata.clone(),
        signal,
      });
      const { $typeName: _, ...body } = answer;
      return { status: "OK", isSuccess: true, replica: answer.replica, body: JSON.stringify(body) };
    },
    close: () => {
      for (const channel of channels) channel.close();
    },
  };
}
