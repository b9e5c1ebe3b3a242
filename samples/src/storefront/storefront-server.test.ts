import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { close, listen } from "../listen.ts";
import { type AppName, apps } from "./app.ts";
import { type StorefrontOptions, storefrontServer } from "./storefront-server.ts";

const host = "127.0.0.1";
const peerHeader = { "x-forwarded-client-cert": "Hash=a;URI=spiffe://cluster.local/ns/shop/sa/gateway" };
const running: (() => Promise<void>)[] = [];
after(async () => {
  for (const stop of running) await stop();
});

async function start(name: AppName, version: string, next?: URL): Promise<URL> {
  const replica = { name: `${name}-${version}-0`, version };
  const options: StorefrontOptions = { app: apps[name], replica, next };
  const server = storefrontServer(options);
  const port = await listen(server, { host, port: 0 });
  running.push(() => close(server));
  return new URL(`http://${host}:${port}${apps[name].path}`);
}

const getJson = async (url: URL): Promise<unknown> => await (await fetch(url, { headers: peerHeader })).json();

describe("the storefront", () => {
  test("reports the chain of applications, and whom the first saw", async () => {
    const web = await start("web", "v1", await start("catalog", "v2", await start("ratings", "v1")));
    assert.partialDeepStrictEqual(await getJson(web), {
      app: "web",
      replica: "web-v1-0",
      seenPeer: "spiffe://cluster.local/ns/shop/sa/gateway",
      next: { app: "catalog", version: "v2", seenPeer: "", next: { app: "ratings", content: { stars: { lamp: 4 } } } },
    });
  });

  test("asks for ratings from the catalog's second version on", () => {
    assert.deepEqual(
      ["v1", "v2", "v3"].map((version) => apps.catalog.next(version)),
      [undefined, "ratings", "ratings"],
    );
  });

  test("goes on without an application that does not answer", async () => {
    const gone = storefrontServer({ app: apps.ratings, replica: { name: "r", version: "v1" }, next: undefined });
    const port = await listen(gone, { host, port: 0 });
    await close(gone);
    const catalog = await start("catalog", "v3", new URL(`http://${host}:${port}/ratings`));
    assert.partialDeepStrictEqual(await getJson(catalog), { app: "catalog", next: { error: "ECONNREFUSED" } });
  });

  test("reports the status of an application that answers with an error", async () => {
    const ratings = await start("ratings", "v1");
    const catalog = await start("catalog", "v2", new URL("/elsewhere", ratings));
    assert.match(JSON.stringify(await getJson(catalog)), /"error":"status 404/);
  });

  test("shows a page that escapes what others said", async () => {
    const web = await start("web", "v1", await start("catalog", "<b>"));
    const html = await (await fetch(new URL("/", web))).text();
    assert.match(html, /&lt;b&gt;/);
    assert.doesNotMatch(html, /<b>/);
    assert.match(html, /\(plaintext\)/);
  });

  test("is healthy, and says which paths it has", async () => {
    const ratings = await start("ratings", "v1");
    assert.equal((await fetch(new URL("/healthz", ratings))).status, 200);
    assert.equal((await fetch(new URL("/other", ratings))).status, 404);
  });
});
