import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { describe, test } from "node:test";
import { createAuthority } from "@meshwright/testing/volume";
import { meshServices } from "../mesh/objects.ts";
import { Certificates, choosePods } from "./proxy-specs.ts";

const services = meshServices({ services: 3, endpointsPerService: 2, namespaces: 2 });

describe("the proxies of the benchmark", () => {
  test("are one of every Service before the second of any", () => {
    const names = (number: number) => choosePods(services, number).map(({ name }) => name);
    assert.deepEqual(names(2), ["svc-0-0", "svc-1-0"]);
    assert.deepEqual(names(4), ["svc-0-0", "svc-1-0", "svc-2-0", "svc-0-1"]);
    assert.equal(names(100).length, 6);
  });

  test("have certificates of their own service account, one for all its pods", async () => {
    const certificates = new Certificates(await createAuthority());
    const pods = choosePods(services, 4);
    const proven = await Promise.all(pods.map((pod) => certificates.prove(pod)));
    const names = proven.map(({ certificate }) => new X509Certificate(certificate).subjectAltName);
    assert.deepEqual(names.slice(0, 2), [
      "URI:spiffe://cluster.local/ns/ns-0/sa/svc-0",
      "URI:spiffe://cluster.local/ns/ns-1/sa/svc-1",
    ]);
    assert.equal(proven[0]?.certificate, proven[3]?.certificate);
  });
});
