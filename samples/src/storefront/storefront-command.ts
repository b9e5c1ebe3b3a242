import { parseArgs } from "node:util";
import { oneOf, portNumber, urlList } from "../flags.ts";
import { anyAddress, close, listen } from "../listen.ts";
import { serveUntilTerminated } from "../termination.ts";
import { thisReplica } from "../this-replica.ts";
import { type App, appNames, apps } from "./app.ts";
import { storefrontServer } from "./storefront-server.ts";

/** `storefront web|catalog|ratings [--host] [--port] [--next URL]`; `VERSION` says which version of it. */
export async function storefrontCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      host: { type: "string", default: anyAddress() },
      port: { type: "string", default: "8080" },
      next: { type: "string" },
    },
  });
  const app = apps[oneOf("the application", positionals[0] ?? "", appNames)];
  const replica = thisReplica();
  const [next] = values.next === undefined ? [defaultNext(app, replica.version)] : urlList("--next", [values.next]);
  const server = storefrontServer({ app, replica, next });
  const port = await listen(server, { host: values.host, port: portNumber("port", values.port) });
  process.stdout.write(`${JSON.stringify({ message: "storefront listens", app: app.name, port, next })}\n`);
  return await serveUntilTerminated(() => close(server));
}

/** The next application's Service, in the same namespace. */
function defaultNext(app: App, version: string): URL | undefined {
  const next = app.next(version);
  return next === undefined ? undefined : new URL(`http://${next}${apps[next].path}`);
}
