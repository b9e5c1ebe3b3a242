import { UsageError } from "./usage-error.ts";

/** Reads a whole number from a flag. Errors: UsageError. */
export function wholeNumber(flag: string, value: string, min: number, max: number): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= min && number <= max && value.trim() !== "") return number;
  throw new UsageError(`--${flag} is "${value}": give a whole number from ${min} to ${max}`);
}

/** Reads a port; 0 means any free one. Errors: UsageError. */
export function portNumber(flag: string, value: string): number {
  return wholeNumber(flag, value, 0, 65_535);
}

/** Reads one of a set of words. Errors: UsageError. */
export function oneOf<Word extends string>(what: string, value: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === value);
  if (found !== undefined) return found;
  throw new UsageError(`${what} is "${value}": give one of ${words.join(", ")}`);
}

/** Reads URLs, of which there must be one at least. Errors: UsageError. */
export function urlList(what: string, values: readonly string[]): readonly [URL, ...URL[]] {
  const [first, ...others] = values.map((value) => readUrl(what, value));
  if (first === undefined) throw new UsageError(`${what} is missing: give at least one, as http://echo:8080/`);
  return [first, ...others];
}

function readUrl(what: string, value: string): URL {
  const url = URL.parse(value);
  if (url === null || url.hostname === "")
    throw new UsageError(`${what} is "${value}": give a URL, as http://echo:8080/`);
  return url;
}

/** Reads `name: value` pairs; names come out in lower case. Errors: UsageError. */
export function headerMap(values: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    values.map((value) => {
      const colon = value.indexOf(":");
      if (colon < 1) throw new UsageError(`--header is "${value}": give it as "name: value"`);
      return [value.slice(0, colon).trim().toLowerCase(), value.slice(colon + 1).trim()];
    }),
  );
}
