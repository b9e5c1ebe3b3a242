import { callCommand } from "./call/call-command.ts";
import { echoCommand } from "./echo/echo-command.ts";
import { oneOf } from "./flags.ts";
import { loadCommand } from "./load/load-command.ts";
import { storefrontCommand } from "./storefront/storefront-command.ts";
import { UsageError } from "./usage-error.ts";

const commands = { echo: echoCommand, storefront: storefrontCommand, load: loadCommand, call: callCommand } as const;
const commandNames = ["echo", "storefront", "load", "call"] as const;

async function run([name = "", ...args]: readonly string[]): Promise<number> {
  try {
    return await commands[oneOf("the command", name, commandNames)](args);
  } catch (error) {
    if (!isUsage(error)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

/** Node's own words about an unknown flag are as good as ours. */
function isUsage(error: unknown): error is Error {
  return error instanceof UsageError || (error instanceof TypeError && "code" in error);
}

// connections that the deadline left open must not keep the process
process.exit(await run(process.argv.slice(2)));
