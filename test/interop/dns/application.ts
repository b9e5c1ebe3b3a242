import { createSocket } from "node:dgram";
import { lookup, Resolver } from "node:dns/promises";
import { once } from "node:events";
import { json } from "node:stream/consumers";

// What the application of a pod does about names: reads the JSON of an Order and prints the JSON of what came of it.

/** One thing to do. */
export type Order =
  /** As most programs resolve: by the C library, with the search list. */
  | { readonly kind: "lookup"; readonly name: string; readonly family: 0 | 4 | 6 }
  /** As programs with a resolver of their own do: one query, over TCP again when the answer is truncated. */
  | {
      readonly kind: "query";
      readonly name: string;
      readonly type: "A" | "AAAA" | "CNAME" | "MX" | "PTR" | "SRV" | "TXT";
    }
  | { readonly kind: "ttl"; readonly name: string }
  /** Looks names up, one after the other, until the time is over, and counts what failed. */
  | { readonly kind: "repeat"; readonly names: readonly string[]; readonly durationMs: number }
  /** Sends datagrams, in hexadecimal, and takes what comes back within a moment; says from which port it sent. */
  | { readonly kind: "datagrams"; readonly host: string; readonly port: number; readonly hex: readonly string[] };

export type Result =
  | { readonly kind: "answer"; readonly values: readonly unknown[]; readonly tookMs: number }
  | { readonly kind: "failed"; readonly code: string; readonly tookMs: number };

/** As long as one try of the resolver takes, by the bed's resolv.conf. */
const resolver = new Resolver({ timeout: 1_000, tries: 1 });

async function carryOut(order: Order): Promise<readonly unknown[]> {
  switch (order.kind) {
    case "lookup":
      return (await lookup(order.name, { family: order.family, all: true })).map(({ address }) => address);
    case "query":
      return [await resolver.resolve(order.name, order.type)].flat();
    case "ttl":
      return (await resolver.resolve4(order.name, { ttl: true })).map(({ ttl }) => ttl);
    case "repeat":
      return repeat(order.names, performance.now() + order.durationMs);
    case "datagrams":
      return exchange(order);
  }
}

async function repeat(names: readonly string[], deadline: number): Promise<readonly unknown[]> {
  const failures: string[] = [];
  let lookups = 0;
  while (performance.now() < deadline)
    for (const name of names) {
      lookups += 1;
      await resolver.resolve4(name).catch((error: unknown) => failures.push(`${name}: ${String(error)}`));
    }
  return [lookups, failures];
}

async function exchange({ host, port, hex }: Order & { readonly kind: "datagrams" }): Promise<readonly unknown[]> {
  const socket = createSocket("udp4");
  const answers: string[] = [];
  socket.on("message", (answer) => answers.push(answer.toString("hex")));
  socket.bind(0);
  await once(socket, "listening");
  for (const datagram of hex) {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    socket.send(Buffer.from(datagram, "hex"), port, host, resolve);
    await promise;
  }
  const first = hex.length === 1 ? once(socket, "message") : undefined;
  await Promise.race([first ?? new Promise(() => undefined), new Promise((resolve) => setTimeout(resolve, 1_000))]);
  const own = socket.address().port;
  socket.close();
  return [own, ...answers];
}

const started = performance.now();
const took = (): number => Math.round(performance.now() - started);
const result: Result = await carryOut((await json(process.stdin)) as Order).then(
  (values) => ({ kind: "answer", values, tookMs: took() }) as const,
  (error: NodeJS.ErrnoException) => ({ kind: "failed", code: error.code ?? error.message, tookMs: took() }) as const,
);
process.stdout.write(JSON.stringify(result));
