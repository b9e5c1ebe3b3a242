/** Returns the last lines of a text, without the empty ones at its end. */
export function tail(text: string, lines: number): string {
  return text.trimEnd().split("\n").slice(-lines).join("\n");
}
