import { clients, type ServerName, servers } from "./catalog.ts";
import type { Order, Outcome, Result } from "./order.ts";
import { StatusError } from "./protocol.ts";

// The application of a pod: serves every `<server>=<port>` of its command line, and speaks to whom its parent says.

async function carryOut({ speak, target }: Order): Promise<Outcome> {
  try {
    return { kind: "answered", seen: await clients[speak](target) };
  } catch (error) {
    if (error instanceof StatusError) return { kind: "status", status: error.status };
    return { kind: "failed", detail: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

function report(result: Result | "ready"): void {
  process.send?.(result);
}

process.on("message", (order: Order) => {
  void carryOut(order).then((outcome) => report({ id: order.id, outcome }));
});
process.on("disconnect", () => process.exit());

for (const argument of process.argv.slice(2)) {
  const [name, port] = argument.split("=");
  await servers[name as ServerName](Number(port));
}
report("ready");
