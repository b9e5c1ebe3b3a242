import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { Command } from "./server.ts";

/** Tells the process that is measured what to do, and returns what it answers. */
export async function ask<Answer>(server: ChildProcess, command: Command): Promise<Answer> {
  server.send(command);
  const [answer] = (await once(server, "message")) as [Answer];
  return answer;
}
