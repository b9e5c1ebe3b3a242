import { type ChildProcess, fork } from "node:child_process";
import { processEnvironment } from "../image-environment.ts";

/** Starts the process that is measured, with the environment of our image, and no option of whoever starts it: a test runner has some. */
export function forkServer(file: string): ChildProcess {
  return fork(file, { execArgv: [], env: { ...process.env, ...processEnvironment() } });
}
