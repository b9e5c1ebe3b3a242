import { pino } from "pino";
import { SourcePositions } from "./source-positions.ts";

/** Values of one log record; the keys are the domain's nouns (`proxy`, `revision`, `typeUrl`). */
export type LogFields = Readonly<Record<string, unknown>>;

/** What the processes log with: a constant lower-case message, and values as fields. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  /** Returns a logger that adds the fields to every record. */
  child(fields: LogFields): Logger;
}

export type LogLevel = "debug" | "info" | "warn" | "error";

/** Creates a logger that writes JSON lines to standard output. An `error` field holding an Error is written with its stack and cause, by places in our sources. */
export function createLogger(name: string, level: LogLevel = "info"): Logger {
  const positions = new SourcePositions();
  return pino({
    name,
    level,
    base: { name },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { error: (error: unknown) => serialize(error, positions) },
  });
}

/** What is no Error is written as it is. */
function serialize(error: unknown, positions: SourcePositions): unknown {
  if (!(error instanceof Error)) return error;
  const written = pino.stdSerializers.err(error);
  return { ...written, stack: positions.inSources(written.stack) };
}

const discard = (): void => undefined;

/** A logger that drops everything, for tests. */
export const silentLogger: Logger = {
  debug: discard,
  info: discard,
  warn: discard,
  error: discard,
  child: () => silentLogger,
};
