import type { Status } from "@meshwright/xds-api/gen/google/rpc/status_pb";

/** Envoy names each resource that it rejects; what is longer names so many that the rest tells nothing more. */
const maxErrorLength = 16 * 1024;

/** Reads why a response was rejected, in the client's own words, cut to 16 KiB; undefined when it was not. */
export function readError(detail: Status | undefined): string | undefined {
  return detail?.message.slice(0, maxErrorLength);
}
