import { type DescMessage, type DescMethod, fromBinary, type MessageShape, toBinary } from "@bufbuild/protobuf";
import type { GenService, GenServiceMethods } from "@bufbuild/protobuf/codegenv2";
import type * as grpc from "@grpc/grpc-js";

/** One method of a service, as grpc-js takes it on both sides. */
export type GrpcMethod<Input extends DescMessage, Output extends DescMessage> = grpc.MethodDefinition<
  MessageShape<Input>,
  MessageShape<Output>
>;

/** The methods of a service by their local (camelCase) name: what `Server.addService` and clients take. */
export type GrpcService<Methods extends GenServiceMethods> = {
  readonly [Name in keyof Methods]: GrpcMethod<Methods[Name]["input"], Methods[Name]["output"]>;
};

/** What a server implements for a service. */
export type GrpcHandlers<Methods extends GenServiceMethods> = {
  [Name in keyof Methods]: Handler<
    Methods[Name]["methodKind"],
    MessageShape<Methods[Name]["input"]>,
    MessageShape<Methods[Name]["output"]>
  >;
};

type Handler<Kind extends DescMethod["methodKind"], Input, Output> = {
  unary: grpc.handleUnaryCall<Input, Output>;
  server_streaming: grpc.handleServerStreamingCall<Input, Output>;
  client_streaming: grpc.handleClientStreamingCall<Input, Output>;
  bidi_streaming: grpc.handleBidiStreamingCall<Input, Output>;
}[Kind];

/** Builds the grpc-js definition of a service from its protobuf descriptor, for servers and clients. */
export function grpcService<Methods extends GenServiceMethods>(service: GenService<Methods>): GrpcService<Methods> {
  const methods = service.methods.map((method) => [method.localName, grpcMethod(method)]);
  // fromEntries loses the names; the descriptor's methods are the type's, one for one
  return Object.fromEntries(methods) as GrpcService<Methods>;
}

function grpcMethod(method: DescMethod): GrpcMethod<DescMessage, DescMessage> {
  return {
    path: `/${method.parent.typeName}/${method.name}`,
    originalName: method.localName,
    requestStream: method.methodKind === "client_streaming" || method.methodKind === "bidi_streaming",
    responseStream: method.methodKind === "server_streaming" || method.methodKind === "bidi_streaming",
    requestSerialize: serializer(method.input),
    requestDeserialize: deserializer(method.input),
    responseSerialize: serializer(method.output),
    responseDeserialize: deserializer(method.output),
  };
}

function serializer(schema: DescMessage): grpc.serialize<MessageShape<DescMessage>> {
  return (message) => {
    const bytes = toBinary(schema, message);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
}

function deserializer(schema: DescMessage): grpc.deserialize<MessageShape<DescMessage>> {
  return (bytes) => fromBinary(schema, bytes);
}
