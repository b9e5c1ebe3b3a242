import type { Duration } from "@bufbuild/protobuf/wkt";
import { durationFromMs } from "@bufbuild/protobuf/wkt";

/** A `google.protobuf.Duration` of so many seconds. */
export function seconds(value: number): Duration {
  return durationFromMs(value * 1000);
}
