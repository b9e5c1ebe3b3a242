import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createRoot } from "@meshwright/pki/root";
import { readCertificateAuthority } from "./certificate-authority.ts";
import { readNamespace } from "./namespace.ts";
import { registryOf } from "./own-registry.ts";

const ours = {
  labels: { "meshwright.dev/install": "default" },
  annotations: { "meshwright.dev/created": "true" },
} as const;

describe("the namespace of an install", () => {
  const namespace = (metadata: object) => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "mesh-system", ...metadata },
  });

  test("may be missing", () => assert.deepEqual(readNamespace(undefined, "default"), { kind: "missing" }));

  test("is ours only with our label and our mark", () => {
    const created = { kind: "present", created: true, terminating: false };
    assert.deepEqual(readNamespace(namespace(ours), "default"), created);
    assert.deepEqual(readNamespace(namespace(ours), "other"), { ...created, created: false });
    assert.deepEqual(readNamespace(namespace({ labels: ours.labels }), "default"), { ...created, created: false });
  });
});

describe("the Secret of the certificate authority", () => {
  const secret = (data: Record<string, string>, metadata: object = {}) => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "meshwright-ca", ...metadata },
    data: Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString("base64")])),
  });

  test("gives its root, and whether the operator made it", async () => {
    const { rootsPem: root } = await createRoot({
      now: new Date("2030-01-01T00:00:00Z"),
      organization: "cluster.local",
    });
    assert.deepEqual(readCertificateAuthority(secret({ "ca.crt": root }, ours), "default"), {
      kind: "present",
      root,
      expires: "2039-12-30T00:00:00Z",
      created: true,
    });
    assert.deepEqual(readCertificateAuthority(secret({ "ca.crt": root }), "default"), {
      kind: "present",
      root,
      expires: "2039-12-30T00:00:00Z",
      created: false,
    });
  });

  test("is invalid without a root, or with what is no certificate", () => {
    assert.equal(readCertificateAuthority(secret({}), "default").kind, "invalid");
    assert.equal(readCertificateAuthority(secret({ "ca.crt": "nonsense" }), "default").kind, "invalid");
  });
});

test("the registry of an image is what stands before its name", () => {
  assert.equal(registryOf("registry.example:5000/mesh/operator:v1"), "registry.example:5000/mesh");
  assert.equal(registryOf("localhost/operator@sha256:0"), "localhost");
  assert.equal(registryOf("operator:v1"), undefined);
});
