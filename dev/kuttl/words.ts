/**
 * Replaces `$NAME` and `${NAME}` by the environment's values, an unknown name by nothing, and `$$` by `$`.
 * Source: https://kuttl.dev/docs/testing/steps.html#running-commands
 */
export function expandVariables(text: string, env: Readonly<Record<string, string | undefined>>): string {
  const reference = /\$(?:(?<dollar>\$)|\{(?<braced>[A-Za-z_]\w*)\}|(?<plain>[A-Za-z_]\w*))/g;
  return text.replaceAll(reference, (_match, dollar?: string, braced?: string, plain?: string) =>
    dollar === undefined ? (env[braced ?? plain ?? ""] ?? "") : "$",
  );
}

/**
 * Splits a command line into words: blanks separate, '...' is literal, "..." knows backslashes, a backslash escapes.
 * Undefined when a quote is left open.
 */
export function splitWords(line: string): readonly string[] | undefined {
  const word = /(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\])+/gs;
  const words = line.match(word) ?? [];
  const left = line.replaceAll(word, "").trim();
  return left === "" ? words.map(unquote) : undefined;
}

function unquote(word: string): string {
  return word.replaceAll(
    /'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/gs,
    (_match, single?: string, double?: string, escaped?: string) =>
      single ?? double?.replaceAll(/\\(["\\$`])/g, "$1") ?? escaped ?? "",
  );
}
