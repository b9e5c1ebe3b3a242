import { once } from "node:events";
import { type Agent, type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { failureName } from "../client/failure.ts";
import type { Hop, Unreachable } from "./hop.ts";

/** Tracing works only when applications pass these on; `x-user` is what the guides route by. */
const passedOn = [
  "x-request-id",
  "traceparent",
  "tracestate",
  "b3",
  "x-b3-traceid",
  "x-b3-spanid",
  "x-b3-parentspanid",
  "x-b3-sampled",
  "x-b3-flags",
  "x-user",
];

const timeoutMs = 10_000;

/** Asks the next application. Never rejects: a storefront without ratings still sells. */
export async function askNext(url: URL, incoming: IncomingHttpHeaders, agent: Agent): Promise<Hop | Unreachable> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const asked = request(url, { agent, headers: passOn(incoming), signal });
    // a failure in the middle of the answer rejects the reading of it
    asked.on("error", () => undefined);
    asked.end();
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    const body = await text(response);
    return response.statusCode === 200
      ? (JSON.parse(body) as Hop)
      : { error: `status ${response.statusCode}: ${body}` };
  } catch (error) {
    return { error: failureName(error, signal) };
  }
}

function passOn(incoming: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    passedOn.flatMap((name) => {
      const value = incoming[name];
      return typeof value === "string" ? [[name, value]] : [];
    }),
  );
}
