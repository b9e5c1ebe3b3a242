import { invalid, type Parsed, valid } from "./parser.ts";

const maxSeconds = 3600;
const unitSeconds: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** Reads a duration as `45s`, `1m30s` or `500ms` into seconds; a part of a second counts as one. */
export function parseDuration(text: string): Parsed<number> {
  const isDuration = text.length <= 32 && /^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text);
  const seconds = isDuration ? Math.ceil(sum(text)) : Number.NaN;
  return seconds <= maxSeconds ? valid(seconds) : invalid(`a duration of at most ${maxSeconds}s, as "45s"`);
}

function sum(text: string): number {
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)].reduce(
    (total, [, amount, unit = ""]) => total + Number(amount) * (unitSeconds[unit] ?? 0),
    0,
  );
}
