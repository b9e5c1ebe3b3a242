/** State of one step, as it is shown. */
export interface ProgressLine {
  readonly index: number;
  readonly total: number | undefined;
  readonly title: string;
  readonly fraction: number | undefined;
  readonly elapsedMs: number;
  readonly detail: string;
}

/** Narrower than any terminal in use, so that redrawing never leaves a wrapped line behind. */
const widthColumns = 100;

/** Renders a step as one line: `[2/7] build Kubernetes 41% 1:05 k8s.io/api/core/v1`. */
export function renderLine(line: ProgressLine): string {
  const place = line.total === undefined ? `[${line.index}]` : `[${line.index}/${line.total}]`;
  const percent = line.fraction === undefined ? "" : `${Math.floor(line.fraction * 100)}%`;
  const parts = [place, line.title, percent, elapsed(line.elapsedMs), line.detail];
  return parts
    .filter((part) => part !== "")
    .join(" ")
    .slice(0, widthColumns);
}

function elapsed(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
