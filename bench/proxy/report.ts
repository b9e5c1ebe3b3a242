import { median, round } from "../median.ts";
import type { MeshSize } from "../translate/mesh.ts";
import type { OnTheWay } from "./istio/istio.ts";
import type { Measured, Pair } from "./run.ts";
import type { Figures } from "./sidecar/figures.ts";

/** One figure of both: medians over the runs, and the median of what one is of the other in the same run. */
interface Comparison {
  readonly meshwright: number;
  readonly istio: number;
  /** Ours as a part of Istio's. */
  readonly ratio: number;
}

export interface Summary {
  readonly size: MeshSize;
  readonly figures: Readonly<Record<keyof Figures, Comparison>>;
  readonly onTheWay: OnTheWay;
}

/** A line of the table: its unit in words, and how many of the figure's own units make one. */
interface Row {
  readonly key: keyof Figures;
  readonly title: string;
  readonly unit: number;
}

const rows: readonly Row[] = [
  { key: "pssBytes", title: "memory (PSS), MB", unit: 1e6 },
  { key: "anonymousBytes", title: "of it anonymous, MB", unit: 1e6 },
  { key: "idleCpuMs", title: "CPU while idle, ms", unit: 1 },
  { key: "readyMs", title: "time to ready, ms", unit: 1 },
  { key: "receivedBytes", title: "configuration received, kB", unit: 1e3 },
  { key: "listeners", title: "listeners", unit: 1 },
  { key: "clusters", title: "clusters", unit: 1 },
  { key: "routeTables", title: "route tables", unit: 1 },
  { key: "virtualHosts", title: "virtual hosts", unit: 1 },
  { key: "endpoints", title: "endpoints", unit: 1 },
  { key: "stats", title: "statistics", unit: 1 },
];

/** Takes the medians of the runs. */
export function summarize({ size, pairs, onTheWay }: Measured): Summary {
  const of = (key: keyof Figures): Comparison => compare(pairs, key);
  return {
    size,
    onTheWay,
    figures: {
      pssBytes: of("pssBytes"),
      anonymousBytes: of("anonymousBytes"),
      idleCpuMs: of("idleCpuMs"),
      readyMs: of("readyMs"),
      receivedBytes: of("receivedBytes"),
      listeners: of("listeners"),
      clusters: of("clusters"),
      routeTables: of("routeTables"),
      virtualHosts: of("virtualHosts"),
      endpoints: of("endpoints"),
      stats: of("stats"),
    },
  };
}

function compare(pairs: readonly Pair[], key: keyof Figures): Comparison {
  return {
    meshwright: median(pairs.map(({ meshwright }) => meshwright[key])),
    istio: median(pairs.map(({ istio }) => istio[key])),
    ratio: round(median(pairs.map(({ meshwright, istio }) => meshwright[key] / istio[key]))),
  };
}

/** Writes a summary as a table in Markdown, as it stands in the documentation. */
export function report({ size, figures, onTheWay }: Summary): string {
  const removed = Object.entries(onTheWay.leftOut).map(([name, number]) => `${name} x ${number}`);
  return [
    `proxy: ${size.services} services x ${size.endpointsPerService} endpoints in ${size.namespaces} namespaces`,
    "",
    "| | Meshwright | Istio | ratio |",
    "|---|---|---|---|",
    ...rows.map((row) => line(row, figures[row.key])),
    "",
    `left out of Istio's: ${removed.join(", ") || "nothing"}`,
    `which took ${round(onTheWay.relayMs)} ms of its time to ready`,
    "",
  ].join("\n");
}

function line({ title, unit }: Row, { meshwright, istio, ratio }: Comparison): string {
  const [ours, theirs] = [meshwright, istio].map((value) => round(value / unit).toLocaleString("en"));
  return `| ${title} | ${ours} | ${theirs} | ${ratio} |`;
}
