import { z } from "zod";
import { type Workload, workloadName } from "./call.ts";
import { identityOf, namespaces } from "./calls.ts";
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

const apps = ["web v1", "catalog v1", "catalog v2", "catalog v3", "ratings v1"] as const;

/** Every application of the storefront, as its rows name it. */
export const storefrontServers: readonly string[] = apps.map((app) => `${namespaces.shop}/${app}`);

/** The row of an application that never answered. */
export function unseenRow(server: string): Row {
  return {
    client: "storefront",
    server,
    protocol: "HTTP/1.1",
    result: "never asked",
    seen: "nothing",
    isExpected: false,
  };
}

/** Reads the storefront's answer into a row per hop; `caller` asked the first application. */
export function storefrontRows(answer: unknown, caller: Workload, namespace: string): readonly Row[] {
  return rows(hop.parse(answer), caller, namespace);
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
