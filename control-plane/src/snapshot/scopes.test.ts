import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Graph } from "@meshwright/collections/graph";
import fc from "fast-check";
import type { Service } from "../model/service.ts";
import { selects } from "../model/workload-inbound.ts";
import { derivePods } from "./pods.ts";
import { deriveScopes } from "./scopes.ts";
import { createSources, only } from "./sources.ts";
import { service, settings, workload } from "./testdata/mesh.ts";
import { plain } from "./testdata/proxies.ts";

/** Follows the scope of one connected proxy, of the pod `shop/a`. */
function oneScope(labels: Readonly<Record<string, string>>) {
  const sources = createSources(new Graph());
  const scopes = deriveScopes(sources, derivePods(sources));
  const pod = { ...workload("a", "web"), labels };
  sources.settings.set(only, settings);
  sources.workloads.set("shop/a", pod);
  sources.proxies.set("1", { workload: pod, traits: plain });
  return { sources, pod, scope: () => scopes.get("1") };
}

const labels = fc.dictionary(fc.constantFrom("app", "tier", "zone"), fc.constantFrom("x", "y"), { maxKeys: 3 });

describe("the scope of a proxy", () => {
  test("is made of the Services in front of its pod, whatever labels they want", () => {
    const selectors = fc.dictionary(fc.constantFrom("d", "c", "b"), labels, { maxKeys: 3 });
    fc.assert(
      fc.property(labels, selectors, (own, wanted) => {
        const { sources, pod, scope } = oneScope(own);
        const services = Object.entries(wanted).map(([name, selector]): Service => ({ ...service(name), selector }));
        for (const each of services) sources.services.set(`shop/${each.name}`, each);
        const expected = services.filter((each) => selects(each, pod)).map(({ name }) => name);
        assert.deepEqual(
          scope()?.origins.map(({ name }) => name),
          expected.toSorted(),
        );
      }),
    );
  });

  test("is another one when a Service comes in front of its pod, and the same again when it goes", () => {
    const { sources, scope } = oneScope({ app: "web" });
    const before = scope();
    sources.services.set("shop/other", service("other"));
    assert.equal(scope(), before);
    sources.services.set("shop/web", service("web"));
    assert.notEqual(scope()?.clusterShape, before?.clusterShape);
    sources.services.set("shop/web", undefined);
    assert.deepEqual(scope(), before);
  });

  test("names clusters alike and listeners apart for pods that accept something else", () => {
    const { sources, scope } = oneScope({ app: "web" });
    const before = scope();
    sources.settings.set(only, { ...settings, mtls: "strict" });
    assert.equal(scope()?.clusterShape, before?.clusterShape);
    assert.notEqual(scope()?.listenerShape, before?.listenerShape);
  });
});
