import { invalid, type Parsed, valid } from "./parser.ts";

const words: Readonly<Record<string, boolean>> = { true: true, t: true, "1": true, false: false, f: false, "0": false };

/** Reads what Istio's users may write for yes and no. Source: https://pkg.go.dev/strconv#ParseBool */
export function parseBoolean(text: string): Parsed<boolean> {
  const value = Object.hasOwn(words, text.toLowerCase()) ? words[text.toLowerCase()] : undefined;
  return value === undefined ? invalid('"true" or "false"') : valid(value);
}
