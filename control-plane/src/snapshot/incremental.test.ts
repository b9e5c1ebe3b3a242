import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ProxyNode, ProxyView } from "../serve/view.ts";
import { Snapshot } from "./snapshot.ts";
import { ManualTimers } from "./testdata/manual-timers.ts";
import { policy, service, settings, slice, workload } from "./testdata/mesh.ts";

/** One thing that a watch may say, or time that passes. */
type Step =
  | { readonly kind: "set"; readonly key: string; readonly apply: (snapshot: Snapshot) => void }
  | { readonly kind: "pass"; readonly ms: number };

const name = fc.constantFrom("a", "b", "c");

function set(key: string, apply: (snapshot: Snapshot) => void): Step {
  return { kind: "set", key, apply };
}

const steps = fc.oneof(
  fc
    .tuple(name, fc.constantFrom("http", "grpc", "tcp", "auto"), fc.constantFrom(80, 90))
    .map(([app, protocol, port]) =>
      set(`service/${app}`, (snapshot) => snapshot.setService(`shop/${app}`, service(app, protocol, port))),
    ),
  name.map((app) => set(`service/${app}`, (snapshot) => snapshot.setService(`shop/${app}`, undefined))),
  fc
    .tuple(name, name, fc.subarray(["p", "q", "r"]))
    .map(([key, app, pods]) =>
      set(`slice/${key}`, (snapshot) => snapshot.setEndpointSlice(`shop/${key}`, slice(key, app, pods))),
    ),
  name.map((key) => set(`slice/${key}`, (snapshot) => snapshot.setEndpointSlice(`shop/${key}`, undefined))),
  fc
    .tuple(fc.constantFrom("p", "q", "r"), name)
    .map(([pod, app]) =>
      set(`pod/${pod}`, (snapshot) => snapshot.setWorkload(`shop/${pod}`, { ...workload(pod, app) })),
    ),
  fc
    .tuple(name, fc.constantFrom("strict", "disabled", "inherit"))
    .map(([app, mode]) =>
      set(`policy/${app}`, (snapshot) => snapshot.setPeerAuthentication(`shop/${app}`, policy(app, mode))),
    ),
  name.map((app) => set(`policy/${app}`, (snapshot) => snapshot.setPeerAuthentication(`shop/${app}`, undefined))),
  fc
    .constantFrom("strict", "permissive")
    .map((mtls) => set("settings", (snapshot) => snapshot.setSettings({ ...settings, mtls }))),
  fc.nat({ max: 150 }).map((ms): Step => ({ kind: "pass", ms })),
);

/** Runs the steps on a started mesh that holds a proxy, and returns what that is shown in the end. */
function run(all: readonly Step[]): ProxyView {
  const timers = new ManualTimers();
  const snapshot = new Snapshot(timers);
  snapshot.setWorkload("shop/z", workload("z", "a"));
  snapshot.start({ settings, trustBundle: "roots" });
  const node: ProxyNode = {
    id: "sidecar~198.18.128.2~z.shop~shop.svc.cluster.local",
    cluster: "",
    envoyVersion: "",
    traits: { ipStack: "dual", capturesDns: true },
  };
  const proxy = snapshot.connect(node, { trustDomain: "cluster.local", namespace: "shop", serviceAccount: "a" });
  assert.ok(proxy.kind === "accepted");
  proxy.onChange(() => undefined);
  for (const step of all) {
    if (step.kind === "set") step.apply(snapshot);
    else timers.passTo(timers.now() + step.ms);
  }
  timers.passTo(timers.now() + 10_000);
  return proxy.current();
}

/** Only the last word on each object. */
function lastWords(all: readonly Step[]): readonly Step[] {
  return [...new Map(all.flatMap((step) => (step.kind === "set" ? [[step.key, step]] : []))).values()];
}

function versions(view: ProxyView): readonly string[] {
  return [...view].flatMap(([, resources]) => [...resources.values()].map((r) => `${r.name} ${r.version}`)).toSorted();
}

test("what a proxy is shown depends on what is, not on how it came about", () => {
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 30 }), (all) => {
      const incremental = versions(run(all));
      assert.deepEqual(incremental, versions(run(lastWords(all))));
      assert.deepEqual(incremental, versions(run(lastWords(all).toReversed())));
    }),
    { numRuns: 300 },
  );
});
