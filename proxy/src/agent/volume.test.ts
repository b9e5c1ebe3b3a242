import assert from "node:assert/strict";
import { createPublicKey, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { silentLogger } from "@meshwright/log/logger";
import { createRegistry } from "@meshwright/metrics/registry";
import { readAuthority } from "@meshwright/pki/authority";
import { readCsr } from "@meshwright/pki/csr";
import { issueLeaf } from "@meshwright/pki/issue";
import { createRoot } from "@meshwright/pki/root";
import { AgentError, type AgentErrorReason } from "./agent-error.ts";
import { registerAgentMetrics } from "./agent-metrics.ts";
import type { CertificateClient } from "./certificate-client.ts";
import { readIdentity } from "./identity-files.ts";
import { Volume, type VolumeContext } from "./volume.ts";
import type { VolumeSpec } from "./volume-spec.ts";

const hourMs = 60 * 60_000;
const root = await createRoot({ now: new Date(), organization: "cluster.local" });
const other = await createRoot({ now: new Date(), organization: "cluster.local" });
const authority = readAuthority(root);
const spec: VolumeSpec = {
  pod: { namespace: "shop", name: "web-0", uid: "1", serviceAccount: "web" },
  revision: "default",
  probes: [],
  capture: {},
  redirect: "init",
};
const later = (ms: number): Date => new Date(Date.now() + ms);
const token = { token: "a.b.c", expiresAt: later(hourMs) };

/** A control plane that signs for whom a token names, as the real one does, and that can be taken down. */
class Control implements CertificateClient {
  failure: AgentError | undefined;
  identity = "spiffe://cluster.local/ns/shop/sa/web";
  lifetimeMs = hourMs;
  roots = root.rootsPem;
  calls = 0;

  async readRoots(): Promise<string> {
    if (this.failure !== undefined) throw this.failure;
    return this.roots;
  }

  async sign(_: VolumeSpec, csrPem: string): Promise<{ chainPem: string; rootsPem: string }> {
    this.calls++;
    if (this.failure !== undefined) throw this.failure;
    const { publicKey } = await readCsr(csrPem);
    const { chainPem } = await issueLeaf(authority, {
      publicKey: createPublicKey(publicKey.export({ type: "spki", format: "pem" })),
      names: [{ type: "url", value: this.identity }],
      usages: ["client", "server"],
      now: new Date(),
      lifetimeMs: this.lifetimeMs,
    });
    return { chainPem, rootsPem: this.roots };
  }
}

const down = new AgentError("ControlPlaneUnreachable", "down");

let dir: string;
let control: Control;
let context: VolumeContext;
let volumes: Volume[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "volume-"));
  control = new Control();
  volumes = [];
  context = {
    client: control,
    controlPlaneNamespace: "mesh-system",
    stack: "dual",
    nameservers: [],
    now: () => new Date(),
    random: () => 0.5,
    metrics: registerAgentMetrics(createRegistry(), () => ({ volumes: 0 })),
    logger: silentLogger,
    firstBudgetMs: 0,
  };
});

afterEach(async () => {
  await Promise.all(volumes.map((volume) => volume.close()));
  rmSync(dir, { recursive: true });
});

function open(change: Partial<VolumeContext> = {}): Volume {
  const volume = new Volume(spec, dir, { ...context, ...change });
  volumes.push(volume);
  return volume;
}

async function certificate(): Promise<string | undefined> {
  return (await readIdentity(join(dir, "identity")))?.certificatePem;
}

test("a published volume holds the identity, the bootstrap, the secrets' sources and the redirect rules", async () => {
  await open().publish(token);
  assert.match((await certificate()) ?? "", /BEGIN CERTIFICATE/);
  assert.match(readFileSync(join(dir, "bootstrap.json"), "utf8"), /meshd-default\.mesh-system\.svc/);
  assert.match(readFileSync(join(dir, "redirect.nft"), "utf8"), /redirect to :15001/);
  assert.match(readFileSync(join(dir, "sds/default.json"), "utf8"), /"default"/);
  assert.match(readFileSync(join(dir, "sds/rootca-file.json"), "utf8"), /ca\.crt/);
});

test("the first certificate is tried for again while the control plane comes up", async () => {
  control.failure = down;
  const volume = open({
    firstBudgetMs: 10_000,
    random: () => {
      control.failure = undefined; // asked for when the first try has failed
      return 0;
    },
  });
  await volume.publish(token);
  assert.equal(control.calls, 2);
});

test("a refused certificate is not asked for again by itself", async () => {
  control.failure = new AgentError("CertificateRefused", "no");
  await assert.rejects(open({ firstBudgetMs: 10_000 }).publish(token), { reason: "CertificateRefused" });
  assert.equal(control.calls, 1);
});

test("a republish does not fail while the certificate is valid, whatever is down", async () => {
  const volume = open();
  await volume.publish(token);
  control.failure = down;
  await volume.publish(undefined);
  assert.equal(control.calls, 1);
});

test("an agent that starts anew serves the identity that it finds, and asks for none", async () => {
  await open().publish(token);
  const before = await certificate();
  control.failure = down;
  await open().publish(token);
  assert.equal(await certificate(), before);
  assert.equal(control.calls, 1);
});

test("a republish brings changed roots to the proxy without a new certificate", async () => {
  const volume = open();
  await volume.publish(token);
  const before = await certificate();
  control.roots = root.rootsPem + other.rootsPem;
  await volume.publish(token);
  assert.equal((await readIdentity(join(dir, "identity")))?.rootsPem, control.roots);
  assert.equal(await certificate(), before);
});

test("files that a pod began with stay, also when a newer agent would write others", async () => {
  await open().publish(token);
  const path = join(dir, "bootstrap.json");
  const before = readFileSync(path, "utf8");
  await open({ controlPlaneNamespace: "elsewhere" }).publish(token);
  assert.equal(readFileSync(path, "utf8"), before);
});

describe("a pod does not start", () => {
  const cases: Record<string, { token?: typeof token; identity?: string; reason: AgentErrorReason }> = {
    "without a token": { reason: "TokenMissing" },
    "with an expired token": { token: { ...token, expiresAt: later(-1) }, reason: "TokenExpired" },
    "with another service account's certificate": {
      token,
      identity: "spiffe://cluster.local/ns/bank/sa/vault",
      reason: "CertificateUnusable",
    },
  };
  for (const [name, { token: given, identity, reason }] of Object.entries(cases)) {
    test(name, async () => {
      control.identity = identity ?? control.identity;
      await assert.rejects(open().publish(given), { reason });
      assert.equal(await certificate(), undefined);
    });
  }
});

describe("a certificate", () => {
  /** A clock that, once told, is half a certificate's life later. */
  function clock() {
    let aheadMs = 0;
    return { now: () => later(aheadMs), forward: () => void (aheadMs = control.lifetimeMs / 2) };
  }

  test("is renewed at half of its life", async () => {
    const { now, forward } = clock();
    const renewed = nextIssue(forward);
    await open({ now, metrics: renewed.metrics }).publish(token);
    await renewed.promise;
    assert.ok(new X509Certificate((await certificate()) ?? "").validToDate > later(hourMs / 2));
  });

  test("is renewed with each token when it does not outlive two waits for one, and the pod goes on when that fails", async () => {
    control.lifetimeMs = 120_000;
    const volume = open();
    await volume.publish(token);
    const first = await certificate();
    await volume.publish(token);
    const second = await certificate();
    assert.notEqual(second, first);
    control.failure = down;
    await volume.publish(token);
    assert.equal(await certificate(), second);
  });

  test("waits with its renewal for a token that is fresh", async () => {
    control.lifetimeMs = 100_000;
    let now = Date.now();
    const renewed = nextIssue();
    const volume = open({ now: () => new Date(now), metrics: renewed.metrics });
    await volume.publish({ ...token, expiresAt: new Date(now + 1000) });
    now += 60_000;
    await volume.publish(undefined);
    assert.equal(control.calls, 1);
    await volume.publish({ ...token, expiresAt: new Date(now + 60_000) });
    await renewed.promise;
    assert.equal(control.calls, 2);
  });

  test("stays when its renewal fails", async () => {
    const { now, forward } = clock();
    const failed = Promise.withResolvers<void>();
    const issued = (): void => {
      control.failure = down;
      forward();
    };
    await open({ now, metrics: { issued, failed: () => failed.resolve() } }).publish(token);
    await failed.promise;
    assert.ok(new X509Certificate((await certificate()) ?? "").validToDate > new Date());
  });

  /** Resolves when a second certificate is issued. */
  function nextIssue(first = (): void => undefined): {
    readonly promise: Promise<void>;
    readonly metrics: VolumeContext["metrics"];
  } {
    const { promise, resolve } = Promise.withResolvers<void>();
    let issued = 0;
    const count = (): void => (++issued === 2 ? resolve() : first());
    return { promise, metrics: { ...context.metrics, issued: count } };
  }
});
