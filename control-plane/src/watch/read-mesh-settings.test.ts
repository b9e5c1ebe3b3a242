import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defaultMeshConfig } from "@meshwright/contract/mesh-config";
import { readMeshSettings } from "./read-mesh-settings.ts";

const config = defaultMeshConfig("default", "localhost/meshwright-proxy:v1.1.0");

test("settings keep their meaning", () => {
  const strict = { ...config, mtls: "Strict", outboundTrafficPolicy: "RegistryOnly", accessLog: true } as const;
  assert.deepEqual(readMeshSettings(strict, "v1.1.0"), {
    trustDomain: "cluster.local",
    clusterDomain: "cluster.local",
    mtls: "strict",
    outboundTraffic: "registryOnly",
    accessLog: { kind: "default" },
    countsAttempts: true,
  });
});

test("an access log is written only where it is switched on, whatever its format", () => {
  const format = "%RESPONSE_CODE%";
  const accessLog = (on: boolean) =>
    readMeshSettings({ ...config, accessLog: on, accessLogFormat: format }, "").accessLog;
  assert.deepEqual(accessLog(true), { kind: "format", format });
  assert.deepEqual(accessLog(false), { kind: "none" });
});

describe("attempts are counted", () => {
  const cases: Record<string, boolean> = {
    "v1.0.0": false,
    "v1.0.9": false,
    "v1.1.0": true,
    "v2.0.0": true,
    dev: true,
  };
  for (const [version, want] of Object.entries(cases)) {
    test(`by ${version}: ${want}`, () => assert.equal(readMeshSettings(config, version).countsAttempts, want));
  }
});
