import { z } from "zod";
import { type Workload, workloadName } from "./call.ts";
import { identityOf } from "./calls.ts";
import type { Row } from "./row.ts";

/** What an application of the storefront answers: what it saw, and the answer of the one that it asked. */
interface Hop {
  readonly app: string;
  readonly version: string;
  readonly seenPeer: string;
  readonly protocol: string;
  readonly next?: Hop | { readonly error: string } | undefined;
}

const hop: z.ZodType<Hop> = z.lazy(() =>
  z.object({
    app: z.string(),
    version: z.string(),
    seenPeer: z.string(),
    protocol: z.string(),
    next: z.union([hop, z.object({ error: z.string() })]).optional(),
  }),
);

/** Reads the storefront's answer into a row per hop; `caller` asked the first application. */
export function storefrontRows(body: string, caller: Workload, namespace: string): readonly Row[] {
  return rows(hop.parse(JSON.parse(body)), caller, namespace);
}

function rows({ app, version, seenPeer, protocol, next }: Hop, caller: Workload, namespace: string): readonly Row[] {
  const row = {
    client: workloadName(caller),
    server: `${namespace}/${app} ${version}`,
    protocol,
    result: "200",
    seen: seenPeer || "plaintext",
    isExpected: seenPeer === identityOf(caller),
  };
  if (next === undefined) return [row];
  const own = { namespace, name: app };
  if ("error" in next) return [row, unreached(own, next.error)];
  return [row, ...rows(next, own, namespace)];
}

function unreached(caller: Workload, error: string): Row {
  return {
    client: workloadName(caller),
    server: "next application",
    protocol: "HTTP/1.1",
    result: `failed: ${error}`,
    seen: "nothing",
    isExpected: false,
  };
}
