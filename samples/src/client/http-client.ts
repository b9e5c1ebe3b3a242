import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { replicaHeader } from "../replica.ts";
import type { Client, ClientOptions, Reply } from "./client.ts";

/** HTTP/1.1 with keep-alive, unless every connection is to be fresh. Never retries: a request that a closing connection swallowed counts as failed. */
export function httpClient({ url, headers, connections, isFresh = false }: ClientOptions): Client {
  const agent = isFresh ? new Agent() : new Agent({ keepAlive: true, maxSockets: connections });
  return {
    send: async (signal) => {
      const asked = request(url, { agent, headers, signal });
      // a failure in the middle of the answer rejects the reading of it
      asked.on("error", () => undefined);
      asked.end();
      const [response] = (await once(asked, "response")) as [IncomingMessage];
      return await readReply(response);
    },
    close: () => agent.destroy(),
  };
}

async function readReply(response: IncomingMessage): Promise<Reply> {
  const body = Buffer.concat(await response.toArray()).toString("utf8");
  const { statusCode = 0 } = response;
  const replica = [response.headers[replicaHeader] ?? ""].flat().join(",");
  return { status: `${statusCode}`, isSuccess: statusCode >= 200 && statusCode < 400, replica, body };
}
