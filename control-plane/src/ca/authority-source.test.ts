import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { silentLogger } from "@meshwright/log/logger";
import type { AuthorityFiles } from "@meshwright/pki/authority";
import { createRoot } from "@meshwright/pki/root";
import { openAuthority } from "./authority-source.ts";
import { mapLive } from "./live.ts";

const now = new Date();
const first = await createRoot({ now, organization: "first" });
const second = await createRoot({ now, organization: "second" });

let dir: string;
let stop: AbortController;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "authority-"));
  stop = new AbortController();
  for (const name of ["tls.crt", "tls.key", "ca.crt"]) symlinkSync(join("..data", name), join(dir, name));
  mount("v1", first);
});

afterEach(() => {
  stop.abort();
  rmSync(dir, { recursive: true });
});

/** Changes the files as kubelet does. */
function mount(version: string, files: AuthorityFiles): void {
  mkdirSync(join(dir, version));
  writeFileSync(join(dir, version, "tls.crt"), files.certificatePem);
  writeFileSync(join(dir, version, "tls.key"), files.keyPem);
  writeFileSync(join(dir, version, "ca.crt"), files.rootsPem);
  symlinkSync(version, join(dir, "..data_tmp"));
  renameSync(join(dir, "..data_tmp"), join(dir, "..data"));
}

test("a changed Secret is loaded while running, and the trust bundle with it", async () => {
  const live = await openAuthority({ dir, logger: silentLogger, signal: stop.signal });
  const bundle = mapLive(live, (authority) => authority.rootsPem);
  const { promise, resolve } = Promise.withResolvers<string>();
  bundle.onChange(resolve);
  mount("v2", second);
  assert.equal(await promise, second.rootsPem);
  assert.match(live.current().certificate.subject, /O=second/);
});

test("a Secret whose key is another's is not loaded, the last good one stays, and a later good one is", async () => {
  const failed = Promise.withResolvers<void>();
  const logger = { ...silentLogger, error: () => failed.resolve() };
  const live = await openAuthority({ dir, logger, signal: stop.signal });
  mount("v2", { ...second, keyPem: first.keyPem });
  await failed.promise;
  assert.match(live.current().certificate.subject, /O=first/);
  const changed = Promise.withResolvers<unknown>();
  live.onChange(changed.resolve);
  mount("v3", second);
  await changed.promise;
  assert.match(live.current().certificate.subject, /O=second/);
});

describe("a control plane does not start", () => {
  test("without its files, and says which is missing", async () => {
    rmSync(join(dir, "v1", "tls.key"));
    await assert.rejects(openAuthority({ dir, logger: silentLogger, signal: stop.signal }), /tls\.key/);
  });
});
