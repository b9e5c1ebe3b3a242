/** Reads an option's whole number above 0. Errors: ends the process with code 2 and what to set. */
export function count(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  console.error(`cannot run the benchmark: --${option} is "${text}", set it to a whole number above 0`);
  process.exit(2);
}
