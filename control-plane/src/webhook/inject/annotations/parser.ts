/** What a parser makes of an annotation's value: a value, or the words for what it should have been. */
export type Parsed<T> =
  | { readonly kind: "valid"; readonly value: T; readonly warnings?: readonly string[] }
  | { readonly kind: "invalid"; readonly wanted: string };

export type Parser<T> = (text: string) => Parsed<T>;

export function valid<T>(value: T, warnings: readonly string[] = []): Parsed<T> {
  return { kind: "valid", value, warnings };
}

export function invalid(wanted: string): Parsed<never> {
  return { kind: "invalid", wanted };
}

/** A value that a pattern describes, as it stands. */
export function matching(pattern: RegExp, wanted: string): Parser<string> {
  return (text) => (pattern.test(text) ? valid(text) : invalid(wanted));
}

/** One of some words. */
export function oneOf<const T extends string>(...words: readonly T[]): Parser<T> {
  return (text) => {
    const found = words.find((word) => word === text);
    return found === undefined ? invalid(`one of ${words.join(", ")}`) : valid(found);
  };
}
