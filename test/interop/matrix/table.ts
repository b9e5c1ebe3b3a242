import type { PortName } from "../bed/service-ports.ts";
import type { ClientName } from "../programs/catalog.ts";
import type { Answered, Expectation, Mode, Row } from "./row.ts";

/** A line: the port by name, what the client speaks, and what the server must see, or else what comes of it. */
export type Line = readonly [port: PortName, speak: ClientName, seen: string | Expectation];

/** What all lines of a table share. */
export type Heading = Pick<Row, "from" | "to" | "via"> & {
  /** As whom the server knows its client. */
  readonly peer: Answered["peer"];
  /** Modes in which the lines hold. */
  readonly modes: readonly Mode[];
  /** What comes of every line, whatever it says. */
  readonly always?: Expectation;
};

export const closed: Expectation = { kind: "closed" };

export function status(code: number): Expectation {
  return { kind: "status", status: code };
}

export function skip(reason: string): Expectation {
  return { kind: "skip", reason };
}

/** Makes one row of every line and mode. */
export function table({ peer, modes, always, ...shared }: Heading, lines: readonly Line[]): readonly Row[] {
  return modes.flatMap((mode) =>
    lines.map(([port, speak, seen]) => ({ ...shared, mode, port, speak, expect: always ?? expectation(seen, peer) })),
  );
}

function expectation(seen: Line[2], peer: Answered["peer"]): Expectation {
  return typeof seen === "string" ? { kind: "answered", protocol: seen, peer } : seen;
}
