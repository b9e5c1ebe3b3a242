import { parseArgs } from "node:util";
import { portNumber } from "../flags.ts";
import { anyAddress } from "../listen.ts";
import { serveUntilTerminated } from "../termination.ts";
import { thisReplica } from "../this-replica.ts";
import { defaultEchoPorts, startEcho } from "./echo-server.ts";

/** `echo [--host] [--http-port] [--h2c-port] [--grpc-port] [--tcp-port]` */
export async function echoCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      host: { type: "string", default: anyAddress() },
      "http-port": { type: "string", default: `${defaultEchoPorts.http}` },
      "h2c-port": { type: "string", default: `${defaultEchoPorts.h2c}` },
      "grpc-port": { type: "string", default: `${defaultEchoPorts.grpc}` },
      "tcp-port": { type: "string", default: `${defaultEchoPorts.tcp}` },
    },
  });
  const ports = {
    http: portNumber("http-port", values["http-port"]),
    h2c: portNumber("h2c-port", values["h2c-port"]),
    grpc: portNumber("grpc-port", values["grpc-port"]),
    tcp: portNumber("tcp-port", values["tcp-port"]),
  };
  const echo = await startEcho(values.host, ports, thisReplica());
  process.stdout.write(`${JSON.stringify({ message: "echo listens", ports: echo.ports })}\n`);
  return await serveUntilTerminated(() => echo.close());
}
