/** What is read of a CPU profile as Node writes it. Source: https://chromedevtools.github.io/devtools-protocol/tot/Profiler */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  /** Ids of nodes, one for each sample. */
  readonly samples: readonly number[];
  /** Microseconds from each sample to the one before. */
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
}

/** Time that was spent in something itself, not in what it called. */
interface HotSpot {
  readonly name: string;
  readonly ms: number;
}

export interface HotSpots {
  readonly files: readonly HotSpot[];
  readonly functions: readonly HotSpot[];
}

/** Not work: the process waited. */
const idle: readonly string[] = ["(idle)"];

/** Returns where a process spent its time, most first: by source file and by function. @param bundle text of the bundled program */
export function hotSpots(profile: CpuProfile, bundle: string): HotSpots {
  const fileAt = sourcesOf(bundle);
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const files = new Map<string, number>();
  const functions = new Map<string, number>();
  for (const [index, id] of profile.samples.entries()) {
    const frame = frames.get(id);
    if (frame === undefined || idle.includes(frame.functionName)) continue;
    const ms = (profile.timeDeltas[index] ?? 0) / 1_000;
    const file = frame.url.startsWith("file:") ? fileAt(frame.lineNumber) : frame.url || "(engine)";
    add(files, file, ms);
    add(functions, `${frame.functionName || "(anonymous)"} ${file}`, ms);
  }
  return { files: sorted(files), functions: sorted(functions) };
}

function add(sums: Map<string, number>, name: string, ms: number): void {
  sums.set(name, (sums.get(name) ?? 0) + ms);
}

function sorted(sums: ReadonlyMap<string, number>): readonly HotSpot[] {
  return [...sums].map(([name, ms]) => ({ name, ms })).toSorted((a, b) => b.ms - a.ms);
}

/** esbuild writes the path of each module before its code. */
function sourcesOf(bundle: string): (line: number) => string {
  const sources: string[] = [];
  let current = "(bundle)";
  for (const line of bundle.split("\n")) {
    current = /^ *\/\/ ((?:node_modules|lib|control-plane)\/\S+)$/.exec(line)?.[1] ?? current;
    sources.push(current);
  }
  return (line) => sources[line] ?? "(bundle)";
}
