import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defaultMeshConfig } from "./mesh-config.ts";
import { parseMeshConfig, renderMeshConfig } from "./mesh-config-yaml.ts";

const config = defaultMeshConfig("default", "localhost/meshwright-proxy:v1.1.0");

test("settings survive being rendered and parsed", () => {
  const full = { ...config, proxy: { ...config.proxy, concurrency: 2 } };
  assert.deepEqual(parseMeshConfig(renderMeshConfig(full)), { kind: "valid", config: full });
});

test("a string that looks like a number stays a string", () => {
  const odd = { ...config, proxy: { ...config.proxy, image: "1.10" } };
  assert.deepEqual(parseMeshConfig(renderMeshConfig(odd)), { kind: "valid", config: odd });
});

describe("a wrong mesh.yaml is refused with field, value and fix", () => {
  const cases: Record<string, { text: string; field: string; words: RegExp }> = {
    "text that is not YAML": { text: "a: [", field: "", words: /not YAML/ },
    "an empty document": { text: "", field: "", words: /null.*object/ },
    "an unknown choice": {
      text: renderMeshConfig(config).replace("Permissive", "Sometimes"),
      field: "mtls",
      words: /mtls is "Sometimes": set it to one of "Strict", "Permissive"/,
    },
    "a number out of range": {
      text: renderMeshConfig(config).replace("drainSeconds: 45", "drainSeconds: -1"),
      field: "proxy.drainSeconds",
      words: /proxy.drainSeconds is -1: set it to at least 0/,
    },
    "a missing field": {
      text: renderMeshConfig(config).replace(/trustDomain:.*\n/, ""),
      field: "trustDomain",
      words: /trustDomain is missing: set it to a value of type string/,
    },
    "an unknown field": {
      text: `${renderMeshConfig(config)}colour: red\n`,
      field: "",
      words: /unknown fields "colour"/,
    },
    "a trust domain in capitals": {
      text: renderMeshConfig(config).replace("trustDomain: cluster.local", "trustDomain: Corp"),
      field: "trustDomain",
      words: /trustDomain is "Corp": set it to a DNS name/,
    },
  };
  for (const [name, { text, field, words }] of Object.entries(cases)) {
    test(name, () => {
      const parsed = parseMeshConfig(text);
      assert.ok(parsed.kind === "invalid");
      const found = parsed.problems.find((problem) => problem.field === field);
      assert.match(found?.message ?? "", words);
    });
  }
});
