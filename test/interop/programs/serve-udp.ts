import { serveUdp } from "./udp.ts";

// Tells by UDP who asks: `serve-udp.ts <port>...`. Apart from main.ts, which wants a pod's certificates.

for (const port of process.argv.slice(2)) await serveUdp(Number(port));
process.send?.("ready");
process.on("disconnect", () => process.exit());
