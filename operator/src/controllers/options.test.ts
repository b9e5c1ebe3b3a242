import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readOptions } from "./options.ts";

describe("the operator's options", () => {
  test("come from the pod and the image where no flag says otherwise", () => {
    const env = { POD_NAME: "operator-0", POD_NAMESPACE: "ops", MESHWRIGHT_VERSION: "v1.1.0" };
    const { instance, namespace, version, monitoringPort, registry } = readOptions([], env);
    assert.deepEqual(
      [instance, namespace, version, monitoringPort, registry],
      ["operator-0", "ops", "v1.1.0", 15014, undefined],
    );
  });

  test("read an address with its port", () => {
    const { webhookAddress } = readOptions(["--webhook-address", "127.0.0.1:8443"], {});
    assert.deepEqual(webhookAddress, { host: "127.0.0.1", port: 8443 });
    const overIpv6 = readOptions(["--webhook-address", "[::1]:8443"], {}).webhookAddress;
    assert.deepEqual(overIpv6, { host: "::1", port: 8443 });
  });

  test("name a catalogue of versions in the place of the operator's own", () => {
    assert.equal(readOptions(["--versions-file", "/etc/versions.yaml"], {}).versionsFile, "/etc/versions.yaml");
    assert.equal(readOptions([], {}).versionsFile, undefined);
  });

  const wrong: Record<string, { args: readonly string[]; words: RegExp }> = {
    "an unknown flag": { args: ["--colour=red"], words: /--colour/ },
    "a port out of range": { args: ["--monitoring-port=99999"], words: /monitoringPort/ },
    "an unknown log level": { args: ["--log-level=loud"], words: /logLevel/ },
    "an address without port": { args: ["--webhook-address=localhost"], words: /host:port/ },
  };
  for (const [name, { args, words }] of Object.entries(wrong)) {
    test(`refuse ${name}`, () => assert.throws(() => readOptions(args, {}), words));
  }
});
