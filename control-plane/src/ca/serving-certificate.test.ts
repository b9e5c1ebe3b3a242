import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { afterEach, beforeEach, test } from "node:test";
import { silentLogger } from "@meshwright/log/logger";
import { readAuthority } from "@meshwright/pki/authority";
import { createRoot } from "@meshwright/pki/root";
import type { KeyPair } from "@meshwright/pki/serving";
import { type Live, LiveValue } from "./live.ts";
import { openServingCertificate } from "./serving-certificate.ts";

const first = readAuthority(await createRoot({ now: new Date(), organization: "first" }));
const second = readAuthority(await createRoot({ now: new Date(), organization: "second" }));

let stop: AbortController;
beforeEach(() => (stop = new AbortController()));
afterEach(() => stop.abort());

function open(authority: LiveValue<typeof first>, lifetimeMs?: number): Promise<Live<KeyPair>> {
  return openServingCertificate({
    authority,
    dnsNames: ["meshd-default.mesh-system.svc"],
    now: () => new Date(),
    logger: silentLogger,
    signal: stop.signal,
    ...(lifetimeMs === undefined ? {} : { lifetimeMs }),
  });
}

function changeOf(live: Live<KeyPair>): Promise<KeyPair> {
  const { promise, resolve } = Promise.withResolvers<KeyPair>();
  live.onChange(resolve);
  return promise;
}

test("a serving certificate is renewed at half of its life", async () => {
  const began = performance.now();
  const live = await open(new LiveValue(first), 2000);
  const before = live.current();
  const after = await changeOf(live);
  assert.ok(performance.now() - began >= 900);
  assert.notEqual(after.keyPem, before.keyPem);
  assert.ok(after.notAfter > before.notAfter);
});

test("a serving certificate is issued anew at once when the authority changes", async () => {
  const authority = new LiveValue(first);
  const live = await open(authority);
  const renewed = changeOf(live);
  authority.set(second);
  assert.match(new X509Certificate((await renewed).certificatePem).issuer, /O=second/);
});

test("a serving certificate names the hosts it serves", async () => {
  const live = await open(new LiveValue(first));
  const certificate = new X509Certificate(live.current().certificatePem);
  assert.equal(certificate.checkHost("meshd-default.mesh-system.svc"), "meshd-default.mesh-system.svc");
});
