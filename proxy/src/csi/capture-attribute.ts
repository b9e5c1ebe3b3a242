import { type CaptureAttribute, maxCaptureEntries } from "@meshwright/contract/capture-attribute";
import { z } from "zod";
import { readCidr } from "../redirect/capture.ts";

const ranges = z
  .array(z.string().refine((text) => readCidr(text) !== undefined, "not a range of IPv4 or IPv6 addresses"))
  .max(maxCaptureEntries)
  .exactOptional();
const portNumbers = z.array(z.int().min(1).max(65_535)).max(maxCaptureEntries).exactOptional();

/** The volume attribute `capture`. */
export const captureAttribute: z.ZodType<CaptureAttribute> = z.strictObject({
  includeOutboundIPRanges: ranges,
  excludeOutboundIPRanges: ranges,
  includeOutboundPorts: portNumbers,
  excludeOutboundPorts: portNumbers,
  includeInboundPorts: portNumbers,
  excludeInboundPorts: portNumbers,
  dns: z.boolean().exactOptional(),
});
