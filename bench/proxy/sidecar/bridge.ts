import { connect, createServer, type NetConnectOpts } from "node:net";

// Joins a network namespace to the outside by Unix sockets, which belong to none: `bridge.ts <from>=<to> ...`, where an
// address is a port on loopback or the path of a socket. It says "ready" when it listens, and ends with its parent.

const pairs = process.argv.slice(2).map((pair) => pair.split("="));
await Promise.all(pairs.map(([from = "", to = ""]) => join(endpoint(from), endpoint(to))));
process.send?.("ready");
process.on("disconnect", () => process.exit());

function endpoint(address: string): NetConnectOpts {
  return address.startsWith("/") ? { path: address } : { host: "127.0.0.1", port: Number(address) };
}

function join(from: NetConnectOpts, to: NetConnectOpts): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    const other = connect(to);
    socket.pipe(other);
    other.pipe(socket);
    socket.on("error", () => other.destroy());
    other.on("error", () => socket.destroy());
  });
  server.listen(from, resolve);
  return promise;
}
