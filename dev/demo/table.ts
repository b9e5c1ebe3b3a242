import type { Row } from "./row.ts";

const columns = [
  ["CLIENT", (row: Row) => row.client],
  ["SERVER", (row: Row) => row.server],
  ["PROTOCOL", (row: Row) => row.protocol],
  ["RESULT", (row: Row) => row.result],
  ["CALLER, AS THE SERVER SAW IT", (row: Row) => row.seen],
  ["", (row: Row) => (row.isExpected ? "as expected" : "WRONG")],
] as const;

/** Renders rows as a table whose columns are as wide as their widest cell. */
export function renderTable(rows: readonly Row[]): string {
  const lines = [columns.map(([title]) => title), ...rows.map((row) => columns.map(([, cell]) => cell(row)))];
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? "").length)));
  return lines
    .map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "))
    .map((line) => line.trimEnd())
    .join("\n");
}
