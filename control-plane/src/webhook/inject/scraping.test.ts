import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defaultMeshConfig } from "@meshwright/contract/mesh-config";
import { defaultPodSettings } from "./pod-settings.ts";
import { type Scraping, scraping } from "./scraping.ts";

const settings = defaultPodSettings(defaultMeshConfig("default", "proxy"), true);

function decide(annotations: Readonly<Record<string, string>>, mergesMetrics = true): Scraping {
  return scraping({ metadata: { annotations }, spec: { containers: [] } }, { ...settings, mergesMetrics });
}

const own = (port: string, path: string): Scraping => ({
  kind: "merged",
  application: { scrape: "true", path, port },
});

describe("who is asked for a pod's metrics", () => {
  const cases: Record<string, { annotations: Record<string, string>; want: Scraping }> = {
    "is the sidecar alone, of a pod that says nothing": { annotations: {}, want: { kind: "merged" } },
    "is the application too, where the pod says": {
      annotations: { "prometheus.io/port": "9102", "prometheus.io/path": "/own" },
      want: own("9102", "/own"),
    },
    "is the application's port 80 and /metrics, of a pod that says only that it has some": {
      annotations: { "prometheus.io/scrape": "true" },
      want: own("80", "/metrics"),
    },
    "is a path that lacks its slash": { annotations: { "prometheus.io/path": "own" }, want: own("80", "/own") },
    "is the sidecar alone, of a pod that names the sidecar": {
      annotations: { "prometheus.io/scrape": "true", "prometheus.io/port": "15020" },
      want: { kind: "merged" },
    },
    "is nobody, of a pod that wants it so": {
      annotations: { "prometheus.io/scrape": "False", "prometheus.io/port": "9102" },
      want: { kind: "asAnnotated" },
    },
  };
  for (const [name, { annotations, want }] of Object.entries(cases))
    test(name, () => assert.deepEqual(decide(annotations), want));

  test("is as the pod says, where nothing is merged", () =>
    assert.deepEqual(decide({ "prometheus.io/port": "9102" }, false), { kind: "asAnnotated" }));

  for (const [name, annotations] of Object.entries({
    "asks by HTTPS": { "prometheus.io/scheme": "https", "prometheus.io/port": "9102" },
    "names a port that is none": { "prometheus.io/port": "70000" },
    "names a path that would end a text": { "prometheus.io/path": '/a","port":"22' },
  }))
    test(`is as the pod says, with a warning, where it ${name}`, () => {
      const decided = decide(annotations);
      assert.equal(decided.kind, "asAnnotated");
      assert.match(
        (decided.kind === "asAnnotated" && decided.warning) || "",
        /^annotation "prometheus\.io\/.*: .*; set it to /,
      );
    });
});
