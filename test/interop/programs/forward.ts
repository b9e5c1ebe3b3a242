import { connect, createServer } from "node:net";

// Brings TCP connections of a namespace to a Unix socket, which belongs to none: `forward.ts <port> <socket>`.

const [port, path = ""] = process.argv.slice(2);
const server = createServer((socket) => {
  const other = connect(path);
  for (const [from, to] of [
    [socket, other],
    [other, socket],
  ] as const) {
    from.pipe(to);
    from.on("error", () => to.destroy());
  }
});
server.listen(Number(port), () => process.send?.("ready"));
process.on("disconnect", () => process.exit());
