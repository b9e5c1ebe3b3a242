import { maxCaptureEntries } from "@meshwright/contract/capture-attribute";
import { invalid, type Parsed, valid } from "./parser.ts";

/** Reads `80,443`; empty is the empty list. */
export function parsePorts(text: string): Parsed<readonly number[]> {
  const parts = text.trim() === "" ? [] : text.split(",", maxCaptureEntries + 1).map((part) => part.trim());
  const areValid = parts.length <= maxCaptureEntries && parts.every(isPort);
  return areValid
    ? valid(parts.map(Number))
    : invalid(`up to ${maxCaptureEntries} ports with commas between, as "80,443"`);
}

/** Reads a list of ports, or `*` for every port. */
export function parsePortsOrAll(text: string): Parsed<readonly number[] | "all"> {
  if (text.trim() === "*") return valid("all");
  const parsed = parsePorts(text);
  return parsed.kind === "valid" ? parsed : invalid(`"*" or ${parsed.wanted}`);
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}
