import assert from "node:assert/strict";
import { once } from "node:events";
import {
  Client,
  type ClientDuplexStream,
  credentials,
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServiceError,
  type sendUnaryData,
} from "@grpc/grpc-js";
import { forgedCertificate } from "./http.ts";
import {
  conversationTimeoutMs,
  hostOf,
  type Seen,
  type Serve,
  type Speak,
  StatusError,
  type Target,
} from "./protocol.ts";

const unaryPath = "/interop.Matrix/Ask";
const streamPath = "/interop.Matrix/Talk";
const asBytes = (text: string): Buffer => Buffer.from(text);
const asText = (bytes: Buffer): string => bytes.toString();
const codec = {
  requestSerialize: asBytes,
  requestDeserialize: asText,
  responseSerialize: asBytes,
  responseDeserialize: asText,
} as const;

type Call = Pick<ServerUnaryCall<string, string>, "metadata" | "getPeer">;

function seenIn(call: Call): string {
  const [clientCertificate = ""] = call.metadata.get("x-forwarded-client-cert").map(String);
  const isProxied = call.metadata.get("x-request-id").length > 0;
  const seen: Seen = { protocol: "gRPC", from: call.getPeer(), clientCertificate, isProxied };
  return JSON.stringify(seen);
}

/** Serves a unary call, and a stream that answers each message. */
export const serveGrpc: Serve = async (port) => {
  const server = new Server();
  server.addService(
    {
      ask: { path: unaryPath, requestStream: false, responseStream: false, ...codec },
      talk: { path: streamPath, requestStream: true, responseStream: true, ...codec },
    },
    {
      ask: (call: ServerUnaryCall<string, string>, reply: sendUnaryData<string>) => reply(null, seenIn(call)),
      talk: (call: ServerDuplexStream<string, string>) => {
        call.on("data", () => call.write(seenIn(call)));
        call.on("end", () => call.end());
      },
    },
  );
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const bound = (error: Error | null): void => (error === null ? resolve() : reject(error));
  server.bindAsync(`[::]:${port}`, ServerCredentials.createInsecure(), bound);
  return promise;
};

function metadata(): Metadata {
  const made = new Metadata();
  made.set("x-forwarded-client-cert", forgedCertificate);
  return made;
}

async function withClient<T>({ host, port }: Target, use: (client: Client) => Promise<T>): Promise<T> {
  // Calls of other rows must not share this one's connection.
  const client = new Client(`${hostOf(host)}:${port}`, credentials.createInsecure(), {
    "grpc.use_local_subchannel_pool": 1,
  });
  try {
    return await use(client);
  } catch (error) {
    throw isAnswer(error) ? new StatusError(error.code) : error;
  } finally {
    client.close();
  }
}

/** Whether somebody answered with the code: the library makes one up, without metadata, when a connection fails. */
function isAnswer(error: unknown): error is ServiceError {
  if (!(error instanceof Error) || !("metadata" in error && error.metadata instanceof Metadata)) return false;
  return Object.keys(error.metadata.getMap()).length > 0;
}

const deadline = (): Date => new Date(Date.now() + conversationTimeoutMs);

export const speakGrpc: Speak = (target) =>
  withClient(target, (client) => {
    const { promise, resolve, reject } = Promise.withResolvers<Seen>();
    const options = { deadline: deadline() };
    client.makeUnaryRequest(unaryPath, asBytes, asText, "who?", metadata(), options, (error, answer) =>
      error === null ? resolve(JSON.parse(answer ?? "") as Seen) : reject(error),
    );
    return promise;
  });

/** Sends each message only when the last was answered: a proxy that buffers would never answer. */
export const speakGrpcStream: Speak = (target) =>
  withClient(target, async (client) => {
    const call: ClientDuplexStream<string, string> = client.makeBidiStreamRequest(
      streamPath,
      asBytes,
      asText,
      metadata(),
      {
        deadline: deadline(),
      },
    );
    const answers: string[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      call.write("who?");
      const [answer] = (await once(call, "data")) as [string];
      answers.push(answer);
    }
    call.end();
    await once(call, "status");
    assert.equal(new Set(answers).size, 1);
    return JSON.parse(answers.join("").slice(0, answers[0]?.length)) as Seen;
  });
