import { isRecord } from "./manifest.ts";

/** Where an object is not what was expected. */
export interface Difference {
  /** Path of the field, as `status.conditions[0].type`; empty for the object itself. */
  readonly path: string;
  readonly expected: string;
  readonly actual: string;
}

/**
 * Finds the first place where `expected` is not a subset of `actual`: fields of an object that are not expected do not
 * matter, whereas a list must have the same length and its items match in order. Undefined when it is a subset.
 * Source: kuttl's rule, https://kuttl.dev/docs/testing/asserts-errors.html
 */
export function firstDifference(expected: unknown, actual: unknown, path = ""): Difference | undefined {
  if (Array.isArray(expected)) return differenceOfLists(expected, actual, path);
  if (isRecord(expected)) return differenceOfObjects(expected, actual, path);
  return Object.is(expected, actual) ? undefined : difference(path, expected, actual);
}

function differenceOfLists(expected: readonly unknown[], actual: unknown, path: string): Difference | undefined {
  if (!Array.isArray(actual)) return difference(path, expected, actual);
  if (expected.length !== actual.length) {
    return { path, expected: `${expected.length} items`, actual: `${actual.length} items: ${show(actual)}` };
  }
  for (const [index, item] of expected.entries()) {
    const found = firstDifference(item, actual[index], `${path}[${index}]`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function differenceOfObjects(
  expected: Readonly<Record<string, unknown>>,
  actual: unknown,
  path: string,
): Difference | undefined {
  if (!isRecord(actual)) return difference(path, expected, actual);
  for (const [key, value] of Object.entries(expected)) {
    const inner = path === "" ? key : `${path}.${key}`;
    if (!Object.hasOwn(actual, key)) return { path: inner, expected: show(value), actual: "missing" };
    const found = firstDifference(value, actual[key], inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

function difference(path: string, expected: unknown, actual: unknown): Difference {
  return { path, expected: show(expected), actual: show(actual) };
}

function show(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value);
}
