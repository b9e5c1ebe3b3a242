import { DevError } from "./dev-error.ts";

/** Runs a command's work; a DevError is shown as its message alone, anything else with its stack. Either exits with 1. */
export async function main(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(error instanceof DevError ? error.message : error);
    process.exitCode = 1;
  }
}
