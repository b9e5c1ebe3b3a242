import { parseArgs } from "node:util";
import { protocols } from "../client/client.ts";
import { failureName } from "../client/failure.ts";
import { openClient } from "../client/open-client.ts";
import { headerMap, oneOf, urlList, wholeNumber } from "../flags.ts";

/** What came of one call, as it is printed. */
interface CallReport {
  readonly ok: boolean;
  /** The protocol's own status; absent without an answer. */
  readonly status?: string;
  /** Why there was no answer. */
  readonly error?: string;
  readonly replica?: string;
  /** The answer, parsed where it is JSON. */
  readonly body?: unknown;
}

/**
 * `call [--protocol http|h2|grpc|tcp|ws] [--header "n: v"]... [--timeout-ms n] URL` sends one request and prints one line of
 * JSON. The exit code is 1 when there was no answer or it was an error.
 */
export async function callCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      protocol: { type: "string", default: "http" },
      header: { type: "string", multiple: true, default: [] },
      "timeout-ms": { type: "string", default: "10000" },
    },
  });
  const [url] = urlList("the URL", positionals);
  const options = { url, headers: headerMap(values.header), connections: 1 };
  const client = openClient(oneOf("--protocol", values.protocol, protocols), options);
  const signal = AbortSignal.timeout(wholeNumber("timeout-ms", values["timeout-ms"], 1, 600_000));
  const report = await client.send(signal).then(
    ({ isSuccess, status, replica, body }): CallReport => ({ ok: isSuccess, status, replica, body: parsed(body) }),
    (error: unknown): CallReport => ({ ok: false, error: failureName(error, signal) }),
  );
  client.close();
  process.stdout.write(`${JSON.stringify(report)}\n`);
  return report.ok ? 0 : 1;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
