import { isIPv4, isIPv6 } from "node:net";
import { maxCaptureEntries } from "@meshwright/contract/capture-attribute";
import { invalid, type Parsed, valid } from "./parser.ts";

/** Reads `10.0.0.0/8,2001:db8::/32`; empty is the empty list. A single address is the range of itself. */
export function parseAddresses(text: string): Parsed<readonly string[]> {
  const parts = text.trim() === "" ? [] : text.split(",", maxCaptureEntries + 1).map((part) => part.trim());
  const areValid = parts.length <= maxCaptureEntries && parts.every(isRange);
  return areValid
    ? valid(parts)
    : invalid(`up to ${maxCaptureEntries} address ranges with commas between, as "10.0.0.0/8"`);
}

/** Reads a list of ranges, or `*` for every address. */
export function parseAddressesOrAll(text: string): Parsed<readonly string[] | "all"> {
  if (text.trim() === "*") return valid("all");
  const parsed = parseAddresses(text);
  return parsed.kind === "valid" ? parsed : invalid(`"*" or ${parsed.wanted}`);
}

function isRange(text: string): boolean {
  const [address = "", length, ...rest] = text.split("/");
  const maxLength = isIPv4(address) ? 32 : isIPv6(address) && !address.includes("%") ? 128 : -1;
  if (maxLength < 0 || rest.length > 0) return false;
  return length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= maxLength);
}
