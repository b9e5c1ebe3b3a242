import type { Row } from "../row.ts";
import { table } from "../table.ts";
import { everyProtocol, oneOfEach, unnamed, withoutPatience } from "./lines.ts";

const outOfTheMesh = { peer: "nobody", modes: ["permissive", "strict"] } as const;

/** From a pod with a sidecar to one without. */
export const meshToUnmeshed: readonly Row[] = [
  table({ from: "client", to: "legacy", via: "Service", ...outOfTheMesh }, [...everyProtocol, ...withoutPatience]),
  table({ from: "client", to: "legacy", via: "StatefulSet peer", ...outOfTheMesh }, oneOfEach),
  table({ from: "client", to: "legacy", via: "pod IP", ...outOfTheMesh }, [...oneOfEach, ...unnamed]),
].flat();
