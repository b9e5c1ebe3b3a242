import { createServer, type Server, type ServerResponse } from "node:http";
import type { Summary } from "./tally.ts";

export interface Load {
  summary(): Summary;
  /** Stops the sending and waits for the last answer. */
  stop(): Promise<Summary>;
}

/** Serves `GET /report` (the counts so far), `POST /stop` (ends the load and answers with the final counts) and `GET /healthz`. */
export function reportServer(load: Load): Server {
  return createServer((request, response) => {
    switch (`${request.method} ${request.url}`) {
      case "GET /healthz":
        return respond(response, 200, { status: "ok" });
      case "GET /report":
        return respond(response, 200, load.summary());
      case "POST /stop":
        // the process ends after this answer
        response.setHeader("connection", "close");
        return void load.stop().then((summary) => respond(response, 200, summary));
      default:
        return respond(response, 404, { error: "ask GET /report, POST /stop or GET /healthz" });
    }
  });
}

function respond(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(`${JSON.stringify(body)}\n`);
}
