import { type Answer, type Call, type Expectation, workloadName } from "./call.ts";

/** A line of the demo's table. */
export interface Row {
  readonly client: string;
  readonly server: string;
  readonly protocol: string;
  readonly result: string;
  /** Who called, in the server's words. */
  readonly seen: string;
  readonly isExpected: boolean;
}

const protocolNames = { http: "HTTP/1.1", h2: "HTTP/2", grpc: "gRPC", ws: "WebSocket", tcp: "TCP" } as const;

/** What cuts a plaintext connection off; anything else that goes wrong, as a name without address, proves nothing. */
const cutOff = /ECONNRESET|EPIPE|socket hang up|connection closed/;

/** Says what came of a call, and whether it is what must come of it. */
export function rowOf(call: Call, answer: Answer): Row {
  return {
    client: workloadName(call.from),
    server: workloadName(call.to),
    protocol: protocolNames[call.protocol],
    ...told(call.expected, answer),
  };
}

function told(expected: Expectation, answer: Answer): Pick<Row, "result" | "seen" | "isExpected"> {
  if (answer.kind === "failed") {
    const isRefused = expected.kind === "refused" && cutOff.test(answer.error);
    return { result: isRefused ? "refused" : `failed: ${answer.error}`, seen: "nothing", isExpected: isRefused };
  }
  const result = answer.status;
  switch (expected.kind) {
    case "served":
      return { result, seen: answer.peer || "plaintext", isExpected: answer.peer === expected.peer };
    case "refused":
      return { result, seen: answer.peer || "plaintext", isExpected: false };
  }
}
