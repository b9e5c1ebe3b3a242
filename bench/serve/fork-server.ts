import { type ChildProcess, fork } from "node:child_process";
import { imageProcess } from "../process-image.ts";

/** Starts the process that is measured as our image does, and with no option of whoever starts it: a test runner has some. */
export function forkServer(file: string): ChildProcess {
  const { environment, nodeOptions } = imageProcess();
  return fork(file, { execArgv: [...nodeOptions], env: { ...process.env, ...environment } });
}
