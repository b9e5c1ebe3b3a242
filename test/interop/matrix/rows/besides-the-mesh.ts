import type { Row } from "../row.ts";
import { type Line, table } from "../table.ts";

const everywhere = ["permissive", "strict", "registry only"] as const;

const datagrams: readonly Line[] = [["datagrams", "UDP", "UDP"]];

/** What nothing of the mesh touches. */
export const besidesTheMesh: readonly Row[] = [
  table({ from: "client", to: "web", via: "pod IP", peer: "nobody", modes: everywhere }, datagrams),
  table({ from: "legacy", to: "web", via: "pod IP", peer: "nobody", modes: everywhere }, datagrams),
  table({ from: "client", to: "outside", via: "host name", peer: "nobody", modes: everywhere }, datagrams),
].flat();
