import { logCrashes } from "@meshwright/log/crashes";
import { createLogger } from "@meshwright/log/logger";

const logger = createLogger("failing");
logCrashes(logger);

function fail(what: string): never {
  throw new Error(what);
}

try {
  fail("caught");
} catch (error) {
  logger.error({ error }, "failed");
}
setTimeout(() => fail("not caught"), 0);
