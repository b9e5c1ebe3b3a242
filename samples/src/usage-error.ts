/** A command line that cannot be obeyed; the message names the flag, its value and the fix. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Reads a whole number from a flag. Errors: UsageError. */
export function wholeNumber(flag: string, value: string, min: number, max: number): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= min && number <= max && value.trim() !== "") return number;
  throw new UsageError(`--${flag} is "${value}": give a whole number from ${min} to ${max}`);
}
