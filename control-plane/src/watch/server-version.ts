import type { KubeClient } from "@meshwright/kube/client";
import { z } from "zod";

/** Version of an API server, as `/version` tells it; providers may write the minor as `29+`. */
export interface ServerVersion {
  readonly major: string;
  readonly minor: string;
}

const answer = z.looseObject({ major: z.string(), minor: z.string() });

/** Asks the API server for its version. Errors: `KubeError`, or a ZodError when the answer is no version. */
export async function readServerVersion(client: KubeClient): Promise<ServerVersion> {
  return answer.parse(await client.request({ method: "GET", path: "/version" }));
}
