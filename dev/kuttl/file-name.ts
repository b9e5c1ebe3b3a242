/** What the name of an entry in a test's folder says. */
export type FileName =
  | { readonly kind: "apply"; readonly index: number; readonly name: string }
  | { readonly kind: "assert"; readonly index: number }
  | { readonly kind: "errors"; readonly index: number }
  /** Without an index kuttl ignores it, unless a step names it. */
  | { readonly kind: "unnumbered" }
  | { readonly kind: "unknown" };

/** `<number>-<name>[-<more>].yaml`. Source: https://kuttl.dev/docs/testing/steps.html#format */
const pattern = /^(?<index>\d+-)?(?<first>[^-.]+)(?<rest>-[^.]+)?\.yaml$/;

/** Reads the name of a file in a test's folder, as kuttl does. */
export function parseFileName(file: string): FileName {
  const groups = pattern.exec(file)?.groups;
  if (groups === undefined) return { kind: "unknown" };
  const { index: prefix, first = "", rest = "" } = groups;
  if (prefix === undefined) return { kind: "unnumbered" };
  const index = Number.parseInt(prefix, 10);
  const word = first.toLowerCase();
  if (word === "assert" || word === "errors") return { kind: word, index };
  return { kind: "apply", index, name: `${first}${rest}` };
}
