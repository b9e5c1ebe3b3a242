import { type ProgressLine, renderLine } from "./render-line.ts";

/** Where progress is written: a terminal gets one line that redraws, anything else plain lines. */
export interface ProgressOutput {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** What the work of a step reports with. */
export interface StepReport {
  /** Says how far the step is: a fraction from 0 to 1, and what it is at. */
  at(fraction: number, detail?: string): void;
  /** Says what the step is at, where no fraction is known. */
  note(detail: string): void;
}

/** Reports the steps of a long command with percentage and elapsed time. */
export interface Progress {
  /** Runs one step and reports its begin, its way and its end; what the work throws goes through. */
  step<T>(title: string, work: (report: StepReport) => Promise<T>): Promise<T>;
}

/** Plain output repeats a step's state when it moved by a quarter, and never more often: CI logs stay readable. */
const plainStride = 0.25;
/** Steps shorter than this are not worth two lines in plain output. */
const briefMs = 1000;

/**
 * Creates the reporter of one command.
 * @param total number of steps, when known beforehand; shown as [2/7]
 */
export function createProgress(
  total?: number,
  output: ProgressOutput = process.stdout,
  now: () => number = Date.now,
): Progress {
  let index = 0;
  return {
    async step(title, work) {
      index += 1;
      const step = new Step({ index, total, title }, output, now);
      const result = await work(step).catch((error: unknown) => {
        step.end("failed");
        throw error;
      });
      step.end("done");
      return result;
    },
  };
}

class Step implements StepReport {
  readonly #head: Pick<ProgressLine, "index" | "total" | "title">;
  readonly #output: ProgressOutput;
  readonly #now: () => number;
  readonly #begin: number;
  #fraction: number | undefined;
  #detail = "";
  #shown = 0;

  constructor(head: Pick<ProgressLine, "index" | "total" | "title">, output: ProgressOutput, now: () => number) {
    this.#head = head;
    this.#output = output;
    this.#now = now;
    this.#begin = now();
    this.#draw();
  }

  at(fraction: number, detail = ""): void {
    this.#fraction = Math.min(1, Math.max(0, fraction));
    this.#detail = detail;
    this.#draw();
  }

  note(detail: string): void {
    this.#detail = detail;
    this.#draw();
  }

  end(state: "done" | "failed"): void {
    const elapsedMs = this.#now() - this.#begin;
    const text = renderLine({ ...this.#head, elapsedMs, detail: state, fraction: undefined });
    this.#output.write(this.#output.isTTY === true ? `\r\x1b[2K${text}\n` : `${text}\n`);
  }

  #draw(): void {
    const elapsedMs = this.#now() - this.#begin;
    const text = renderLine({ ...this.#head, elapsedMs, detail: this.#detail, fraction: this.#fraction });
    if (this.#output.isTTY === true) {
      this.#output.write(`\r\x1b[2K${text}`);
      return;
    }
    const moved = (this.#fraction ?? 0) - this.#shown;
    if (moved < plainStride || elapsedMs < briefMs) return;
    this.#shown = this.#fraction ?? 0;
    this.#output.write(`${text}\n`);
  }
}
