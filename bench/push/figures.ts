import { median } from "../median.ts";
import type { ContenderName } from "./contender.ts";
import type { CellResult } from "./measure/cell.ts";
import { inTimeMs } from "./measure/churn.ts";
import type { Configuring } from "./measure/configure.ts";

/** One line of the comparison: what it is, and how to find it among the cells of one control plane at one size of mesh. */
export interface Figure {
  readonly title: string;
  /** Undefined where it was not measured. */
  readonly of: (cells: readonly CellResult[]) => number | undefined;
  /** What the project sets itself; most figures have no target. */
  readonly target?: Target;
}

export type Target =
  /** At most this part of the smallest that these take. */
  | { readonly kind: "ratio"; readonly most: number; readonly beside: readonly ContenderName[] }
  /** At most this, in the figure's own unit. */
  | { readonly kind: "value"; readonly most: number };

const megabyte = 1e6;

/** Those that debounce as istiod does by default. */
const usual = ["istio", "istio-raised"] as const;

/** 30 ms where istiod took 138. */
const endpointTarget: Target = { kind: "ratio", most: 30 / 138, beside: usual };

/** Returns the figures of a comparison with these numbers of proxies; what follows configuring is measured at the most. */
export function figuresOf(proxies: readonly number[]): readonly Figure[] {
  const most = Math.max(...proxies);
  return [
    ...proxies.flatMap((number) => configuringFigures(number, number === most)),
    ...changeFigures,
    ...churnFigures,
  ];
}

function configuringFigures(proxies: number, isMost: boolean): readonly Figure[] {
  const of =
    (pick: (run: Configuring) => number) =>
    (cells: readonly CellResult[]): number | undefined => {
      const cell = cells.find((each) => each.proxies === proxies);
      return cell && median(cell.configuring.map(pick));
    };
  const cpuTarget: Target = { kind: "ratio", most: 1 / 5, beside: usual };
  const memoryTarget: Target = { kind: "ratio", most: 1 / 3, beside: usual };
  return [
    {
      title: `CPU to configure ${proxies} proxies, s`,
      of: of(({ cpuMs }) => cpuMs / 1_000),
      ...(isMost ? { target: cpuTarget } : {}),
    },
    { title: `until the last of ${proxies} has everything, s`, of: of(({ lastMs }) => lastMs / 1_000) },
    {
      title: `peak memory meanwhile, ${proxies} proxies, MB`,
      of: of(({ peakBytes }) => peakBytes / megabyte),
      ...(isMost ? { target: memoryTarget } : {}),
    },
    { title: `settled memory, ${proxies} proxies, MB`, of: of(({ settledBytes }) => settledBytes / megabyte) },
    {
      title: `settled memory for each of ${proxies}, kB`,
      of: of(({ settledBytes, beforeBytes }) => (settledBytes - beforeBytes) / proxies / 1e3),
    },
    { title: `sent to each of ${proxies}, MB`, of: of(({ bytesPerProxy }) => bytesPerProxy / megabyte) },
    { title: `streams refused or broken, ${proxies} proxies`, of: of(({ retries }) => retries) },
  ];
}

const changes =
  (pick: (changes: NonNullable<CellResult["changes"]>) => number) =>
  (cells: readonly CellResult[]): number | undefined => {
    const found = cells.find((cell) => cell.changes !== undefined)?.changes;
    return found && pick(found);
  };

const changeFigures: readonly Figure[] = [
  { title: "endpoint change, p50, ms", of: changes(({ endpoint }) => endpoint.p50Ms) },
  {
    title: "endpoint change, p99, ms",
    of: changes(({ endpoint }) => endpoint.p99Ms),
    target: endpointTarget,
  },
  {
    title: "endpoint change, last proxy, ms",
    of: changes(({ endpoint }) => endpoint.lastMs),
    target: endpointTarget,
  },
  { title: "of it the API server's write, ms", of: changes(({ endpoint }) => endpoint.writeMs) },
  { title: "Service added, p50, ms", of: changes(({ serviceAdded }) => serviceAdded.p50Ms) },
  { title: "Service added, p99, ms", of: changes(({ serviceAdded }) => serviceAdded.p99Ms) },
  { title: "Service added, last proxy, ms", of: changes(({ serviceAdded }) => serviceAdded.lastMs) },
  { title: "rollout, p50 of its steps, ms", of: changes(({ rollout }) => rollout.p50Ms) },
  { title: "rollout, p99 of its steps, ms", of: changes(({ rollout }) => rollout.p99Ms) },
  { title: "rollout, last proxy, ms", of: changes(({ rollout }) => rollout.lastMs) },
  { title: "rollout, CPU, s", of: changes(({ rollout }) => rollout.cpuMs / 1_000) },
];

const churn =
  (pick: (churn: NonNullable<CellResult["churn"]>) => number) =>
  (cells: readonly CellResult[]): number | undefined => {
    const found = cells.find((cell) => cell.churn !== undefined)?.churn;
    return found && pick(found);
  };

const churnFigures: readonly Figure[] = [
  { title: "churn: it lasted, s", of: churn(({ seconds }) => seconds) },
  { title: "churn: changes in a second", of: churn(({ changesPerSecond }) => changesPerSecond) },
  {
    title: "churn: CPU, % of a core",
    of: churn(({ cpuMs, seconds }) => cpuMs / seconds / 10),
    target: { kind: "ratio", most: 1 / 3, beside: usual },
  },
  {
    title: "churn: CPU for each change at each proxy, µs",
    of: churn(({ cpuMs, reached }) => (cpuMs * 1_000) / reached),
    target: { kind: "ratio", most: 1 / 3, beside: ["istio-quick"] },
  },
  {
    title: `churn: changes that a proxy saw within ${inTimeMs} ms, %`,
    of: churn(({ reachedInTime, seconds, changesPerSecond, proxies }) =>
      Math.round((reachedInTime / (seconds * changesPerSecond * proxies)) * 100),
    ),
  },
  {
    title: "churn: responses to each proxy in a second",
    of: churn(({ responses, seconds, proxies }) => responses / seconds / proxies),
  },
  { title: "churn: p50, ms", of: churn(({ p50Ms }) => p50Ms) },
  { title: "churn: p99, ms", of: churn(({ p99Ms }) => p99Ms) },
  {
    title: "churn: p99 of the slowest proxy, ms",
    of: churn(({ worstProxyP99Ms }) => worstProxyP99Ms),
    target: { kind: "value", most: inTimeMs },
  },
  { title: "churn: peak memory, MB", of: churn(({ peakBytes }) => peakBytes / megabyte) },
  // The collector alone makes it rise and fall by some megabytes.
  { title: "churn: memory grew by, MB", of: churn(({ grownBytes }) => grownBytes / megabyte) },
  {
    title: "of it in the second half, MB",
    of: churn(({ grownInSecondHalfBytes }) => grownInSecondHalfBytes / megabyte),
    target: { kind: "value", most: 10 },
  },
];
