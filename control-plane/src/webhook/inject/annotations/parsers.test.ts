import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseAddresses } from "./address-list.ts";
import { parseBoolean } from "./boolean.ts";
import { parseDuration } from "./duration.ts";
import { parseImageReference } from "./image-reference.ts";
import type { Parser } from "./parser.ts";
import { parsePorts, parsePortsOrAll } from "./port-list.ts";
import { parseProxyConfig } from "./proxy-config.ts";
import { parseCpu, parseMemory } from "./quantity.ts";
import { parseUserMounts, parseUserVolumes } from "./user-volume.ts";

const bad = Symbol("refused");

function read<T>(parse: Parser<T>, text: string): T | typeof bad {
  const parsed = parse(text);
  return parsed.kind === "valid" ? parsed.value : bad;
}

describe("an annotation's value", () => {
  const rows: Record<string, { parse: Parser<unknown>; values: Record<string, unknown> }> = {
    "is true or false in the words of Go": {
      parse: parseBoolean,
      values: { true: true, TRUE: true, "1": true, f: false, yes: bad, "": bad, constructor: bad },
    },
    "is a duration in whole seconds, rounded up": {
      parse: parseDuration,
      values: { "45s": 45, "1m30s": 90, "500ms": 1, "0s": 0, "1h": 3600, "61m": bad, "45": bad, "-1s": bad, "": bad },
    },
    "is a list of ports": {
      parse: parsePorts,
      values: { "80, 443": [80, 443], "": [], "80,": bad, "0x50": bad, "1e3": bad, "65536": bad, "*": bad },
    },
    "is a list of ports or all": { parse: parsePortsOrAll, values: { "*": "all", "80": [80], "80,*": bad } },
    "is a list of address ranges": {
      parse: parseAddresses,
      values: {
        "198.18.0.0/15": ["198.18.0.0/15"],
        "::1": ["::1"],
        "::1/129": bad,
        "1.2.3.4/": bad,
        "fe80::1%eth0": bad,
      },
    },
    "is an amount of CPU": {
      parse: parseCpu,
      values: { "500m": "500m", "0.5": "0.5", "1Gi": bad, "-1": bad, "1\n": bad },
    },
    "is an amount of memory": { parse: parseMemory, values: { "1Gi": "1Gi", "1e9": "1e9", "500m": bad, " 1": bad } },
    "is an image": {
      parse: parseImageReference,
      values: {
        "a/b:c": "a/b:c",
        "host:5000/a": "host:5000/a",
        "": bad,
        "A B": bad,
        "a\0": bad,
        [`a${"/b".repeat(400)}`]: bad,
      },
    },
  };
  for (const [name, { parse, values }] of Object.entries(rows))
    for (const [text, want] of Object.entries(values))
      test(`${name}: ${JSON.stringify(text).slice(0, 40)}`, () => assert.deepEqual(read(parse, text), want));
});

describe("a ProxyConfig", () => {
  test("counts a number as text and text as a number, as Istio does", () => {
    assert.deepEqual(read(parseProxyConfig, 'concurrency: "2"'), { concurrency: 2 });
    assert.deepEqual(read(parseProxyConfig, "{drainDuration: 10s, terminationDrainDuration: 20s}"), {
      drainSeconds: 20,
    });
  });

  test("says by Istio's name whether names are captured", () => {
    const parse = (value: string) => read(parseProxyConfig, `{proxyMetadata: {ISTIO_META_DNS_CAPTURE: ${value}}}`);
    assert.deepEqual(parse('"true"'), { dnsCapture: true });
    assert.deepEqual(parse("false"), { dnsCapture: false });
    assert.equal(parse('"maybe"'), bad);
  });

  test("warns of what has no effect, by name", () => {
    const parsed = parseProxyConfig("{tracing: {}, proxyMetadata: {OWN: x}}");
    assert.deepEqual(parsed.kind === "valid" && parsed.warnings, [
      '"tracing" has no effect in Meshwright: remove it',
      '"proxyMetadata.OWN" has no effect in Meshwright: remove it',
    ]);
  });

  const hostile: Record<string, string> = {
    "that is no mapping": "[1, 2]",
    "that is not YAML": "{",
    "with aliases": "a: &a [x]\nb: [*a, *a]",
    "with a key twice": "concurrency: 1\nconcurrency: 2",
    "that is nested without end": "[".repeat(16_000),
  };
  for (const [name, text] of Object.entries(hostile))
    test(`${name} is refused`, () => assert.equal(read(parseProxyConfig, text), bad));

  test("with a key named __proto__ changes no prototype", () => {
    parseProxyConfig("__proto__: {polluted: 1}\nconstructor: 1");
    assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
  });
});

describe("volumes of the proxy", () => {
  const named = [{ name: "certs", secret: { secretName: "own" } }];
  test("are an object by name or a list", () => {
    assert.deepEqual(read(parseUserVolumes, '{"certs":{"secret":{"secretName":"own"}}}'), named);
    assert.deepEqual(read(parseUserVolumes, JSON.stringify(named)), named);
  });

  const refused: Record<string, string> = {
    "a directory of the node": '{"a":{"hostPath":{"path":"/"}}}',
    "an identity of the mesh": '{"a":{"csi":{"driver":"identity.meshwright.dev"}}}',
    "two sources": '{"a":{"emptyDir":{},"secret":{}}}',
    "no source": '{"a":{}}',
    "a name that is none": '{"A b":{"emptyDir":{}}}',
    "a text": '"a"',
    nothing: "",
  };
  for (const [name, text] of Object.entries(refused))
    test(`are not ${name}`, () => assert.equal(read(parseUserVolumes, text), bad));

  for (const path of [
    "/etc/meshwright",
    "/etc//meshwright/identity",
    "/etc/./meshwright",
    "/a/../etc/meshwright",
    "relative",
  ])
    test(`are not mounted at ${path}`, () =>
      assert.equal(read(parseUserMounts, JSON.stringify({ a: { mountPath: path } })), bad));
});
