import type { PodSettings } from "../pod-settings.ts";
import { type Parsed, type Parser, valid } from "./parser.ts";

/** An annotation by which a user shapes one pod's proxy. */
export interface Annotation {
  readonly name: string;
  /** Makes of a value what it changes; invalid when the value says nothing. */
  readonly read: (text: string) => Parsed<Change>;
}

export type Change = (settings: PodSettings) => PodSettings;

/** A row of the table: name, parser, effect. */
export function annotation<T>(
  name: string,
  parse: Parser<T>,
  effect: (settings: PodSettings, value: T) => PodSettings,
): Annotation {
  const read = (text: string): Parsed<Change> => {
    const parsed = parse(text);
    if (parsed.kind === "invalid") return parsed;
    return valid((settings) => effect(settings, parsed.value), parsed.warnings);
  };
  return { name, read };
}
