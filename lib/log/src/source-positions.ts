import { readFileSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";

/** A place in a bundled file, as stacks name it: by path or by URL, with line and column. */
const place = /(?:file:\/\/)?(?<file>\/[^\s():]+\.mjs):(?<line>\d+):(?<column>\d+)/g;

/**
 * Tells of places in a bundled file where they are in our sources, by the source map beside it. Node itself would do so
 * (`--enable-source-maps`), and hold the whole map from the first stack on, which Node's streams look at whenever one is
 * cut off: 10 MB. Here it is read when a stack has a place that was not looked up before, and then let go.
 */
export class SourcePositions {
  readonly #readMap: (file: string) => SourceMapPayload | undefined;
  /** As many as the code has places in which an error is made or passes through. */
  readonly #known = new Map<string, string>();

  constructor(readMap = readMapBeside) {
    this.#readMap = readMap;
  }

  /** Returns a stack with every place that is known there; others, as those in dependencies, stay as they are. */
  inSources(stack: string): string {
    for (const [file, places] of unknownPlaces(stack, this.#known)) this.#lookUp(file, places);
    return stack.replace(place, (found) => this.#known.get(found) ?? found);
  }

  #lookUp(file: string, places: readonly Place[]): void {
    const payload = this.#readMap(file);
    const map = payload === undefined ? undefined : new SourceMap(payload);
    for (const { text, line, column } of places) this.#known.set(text, (map && sourceOf(map, line, column)) ?? text);
  }
}

interface Place {
  readonly text: string;
  /** Both from 1 on. */
  readonly line: number;
  readonly column: number;
}

function unknownPlaces(stack: string, known: ReadonlyMap<string, string>): Map<string, Place[]> {
  const places = stack.matchAll(place).flatMap(({ 0: text, groups }) => {
    const { file = "", line, column } = groups ?? {};
    return known.has(text) ? [] : [{ file, text, line: Number(line), column: Number(column) }];
  });
  return Map.groupBy(places, ({ file }) => file);
}

function sourceOf(map: SourceMap, line: number, column: number): string | undefined {
  const entry = map.findEntry(line - 1, column - 1);
  if (!("originalSource" in entry)) return undefined;
  // Where a bundle has text of its own, there is an entry without a source, whatever its type says.
  const source: string | undefined = entry.originalSource;
  if (source?.endsWith("ts") !== true) return undefined;
  const path = source.replace(/^(?:\.\.\/)+/, "");
  return `${path}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
}

/** A map that is not there, or is none, must not hide the error that is told. */
function readMapBeside(file: string): SourceMapPayload | undefined {
  try {
    return JSON.parse(readFileSync(`${file}.map`, "utf8")) as SourceMapPayload;
  } catch {
    return undefined;
  }
}
