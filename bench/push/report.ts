import { median, round } from "../median.ts";
import { type ContenderName, contenderNames } from "./contender.ts";
import { type Figure, figuresOf, type Target } from "./figures.ts";
import type { CellResult, Effort } from "./measure/cell.ts";

/** What a run of the benchmark found, as it is written to its file. */
export interface PushResult {
  readonly machine: { readonly processors: number; readonly model: string };
  readonly effort: Effort;
  readonly cells: readonly CellResult[];
}

const titles: Readonly<Record<ContenderName, string>> = {
  meshwright: "Meshwright",
  istio: "istiod",
  "istio-raised": "istiod, raised limits",
  "istio-quick": "istiod, quick",
};

/** Writes the tables in Markdown, as they stand in the documentation: a comparison for each size of mesh, and our curves. */
export function report({ machine, effort, cells }: PushResult): string {
  const others = cells.filter(({ contender }) => contender !== "meshwright");
  // Ours alone has nobody to be compared with: then everything of it is shown.
  const sizes = [...new Set((others.length > 0 ? others : cells).map(({ services }) => services))];
  const proxies = [...new Set((others.length > 0 ? others : cells).map((cell) => cell.proxies))];
  const at = (size: number) => cells.filter((cell) => cell.services === size && proxies.includes(cell.proxies));
  const { processors, model } = machine;
  const how = `median of ${effort.runs} runs, churn of ${effort.churnSeconds} s, ${processors} processors (${model})`;
  return [`push: ${how}`, ...sizes.map((size) => comparison(size, at(size))), curves(cells)].join("\n\n");
}

function comparison(services: number, cells: readonly CellResult[]): string {
  const names = contenderNames.filter((name) => cells.some(({ contender }) => contender === name));
  const others = names.filter((name) => name !== "meshwright");
  const heads = [...names.map((name) => titles[name]), ...others.map((name) => `/ ${titles[name]}`), "target", ""];
  const figures = figuresOf([...new Set(cells.map(({ proxies }) => proxies))]);
  const rows = figures.map((figure) => comparisonRow(figure, names, cells) ?? []);
  return table(
    [`${services} Services`, ...heads],
    rows.filter((row) => row.length > 0),
  );
}

function comparisonRow(
  { title, of, target }: Figure,
  names: readonly ContenderName[],
  cells: readonly CellResult[],
): readonly string[] | undefined {
  const values = names.map((name) => of(cells.filter(({ contender }) => contender === name)));
  if (values.every((value) => value === undefined)) return undefined;
  const [ours, ...theirs] = values;
  const ratios = theirs.map((value) =>
    ours === undefined || value === undefined || value === 0 ? "" : text(ours / value),
  );
  return [
    title,
    ...values.map(text),
    ...ratios,
    ...(target === undefined ? ["", ""] : judged(target, ours, bound(target, names, values))),
  ];
}

/** The figure that a target allows, by the contender that makes it the hardest; undefined when none was measured. */
function bound(
  target: Target,
  names: readonly ContenderName[],
  values: readonly (number | undefined)[],
): number | undefined {
  if (target.kind === "value") return target.most;
  const known = target.beside.flatMap((name) => values[names.indexOf(name)] ?? []);
  return known.length === 0 ? undefined : target.most * Math.min(...known);
}

/** Says a target and whether it is met. */
function judged(target: Target, ours: number | undefined, most: number | undefined): [string, string] {
  const what = `<= ${target.kind === "ratio" ? part(target.most) : target.most}`;
  if (ours === undefined || most === undefined) return [what, ""];
  return [what, ours <= most ? "met" : "not met"];
}

/** Writes a part as 1/n where it is one. */
function part(of: number): string {
  const n = 1 / of;
  return Math.abs(n - Math.round(n)) < 1e-9 ? `1/${Math.round(n)}` : text(of);
}

/** Our own figures over sizes and numbers of proxies. */
function curves(cells: readonly CellResult[]): string {
  const heads = ["Services, proxies", "CPU, s", "last proxy, s", "peak, MB", "settled, MB", "sent to each, MB"];
  const rows = cells
    .filter(({ contender }) => contender === "meshwright")
    .map(({ services, proxies, configuring, changes }) => {
      const of = (pick: (run: CellResult["configuring"][number]) => number): string =>
        text(median(configuring.map(pick)));
      return [
        `${services}, ${proxies}`,
        of(({ cpuMs }) => cpuMs / 1_000),
        of(({ lastMs }) => lastMs / 1_000),
        of(({ peakBytes }) => peakBytes / 1e6),
        of(({ settledBytes }) => settledBytes / 1e6),
        of(({ bytesPerProxy }) => bytesPerProxy / 1e6),
        text(changes?.endpoint.p99Ms),
        text(changes?.serviceAdded.p99Ms),
      ];
    });
  return table([...heads, "endpoint change p99, ms", "Service added p99, ms"], rows);
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (fields: readonly string[]): string => `| ${fields.join(" | ")} |`;
  return [line(heads), `|${heads.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}

function text(value: number | undefined): string {
  return value === undefined ? "" : round(value).toLocaleString("en");
}
