import type { Client, ClientOptions, Protocol } from "./client.ts";
import { grpcClient } from "./grpc-client.ts";
import { httpClient } from "./http-client.ts";
import { http2Client } from "./http2-client.ts";
import { tcpClient } from "./tcp-client.ts";
import { webSocketClient } from "./web-socket-client.ts";

/** Makes a client; it connects when it first sends. */
export function openClient(protocol: Protocol, options: ClientOptions): Client {
  switch (protocol) {
    case "http":
      return httpClient(options);
    case "h2":
      return http2Client(options);
    case "grpc":
      return grpcClient(options);
    case "tcp":
      return tcpClient(options);
    case "ws":
      return webSocketClient(options);
  }
}
