/** A metric as Prometheus' text format declares it. */
export interface DeclaredMetric {
  readonly name: string;
  readonly type: string;
  readonly help: string;
}

/** Reads the declarations of a scrape, without those of Node's runtime. */
export function readDeclarations(scrape: string): readonly DeclaredMetric[] {
  const helps = new Map([...scrape.matchAll(/^# HELP (\S+) (.*)$/gm)].map(([, name = "", help = ""]) => [name, help]));
  return [...scrape.matchAll(/^# TYPE (\S+) (\S+)$/gm)]
    .map(([, name = "", type = ""]) => ({ name, type, help: helps.get(name) ?? "" }))
    .filter(({ name }) => !name.startsWith("nodejs_"));
}

/** Renders the metrics of several processes as a Markdown table, sorted by name. */
export function metricsTable(byProcess: Readonly<Record<string, readonly DeclaredMetric[]>>): string {
  const all = Object.entries(byProcess).flatMap(([process, metrics]) => metrics.map((metric) => ({ process, metric })));
  const byName = [...Map.groupBy(all, ({ metric }) => metric.name)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const rows = byName.map(([name, found]) => {
    const { type = "", help = "" } = found[0]?.metric ?? {};
    const processes = found.map(({ process }) => process).join(", ");
    return `| \`${name}\` | ${type} | ${processes} | ${help.replaceAll("|", "\\|")} |`;
  });
  return ["| Metric | Type | Process | What it counts |", "|---|---|---|---|", ...rows, ""].join("\n");
}
