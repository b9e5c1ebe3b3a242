/** A command line that cannot be obeyed; the message names the flag, its value and the fix. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
