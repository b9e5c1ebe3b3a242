import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type CommandText, collectorCommand, commandLine } from "./command-line.ts";
import type { Collector } from "./test-types.ts";

describe("what runs for", () => {
  const env = { NAMESPACE: "ns" };
  const cases: Record<string, { text: CommandText; want: readonly string[] }> = {
    "a script is a shell": { text: { script: "a | b $X", namespaced: false }, want: ["sh", "-c", "a | b $X"] },
    "a command are its words": { text: { command: "get $NAMESPACE", namespaced: false }, want: ["get", "ns"] },
    "a namespaced command names the namespace": {
      text: { command: "kubectl get pods", namespaced: true },
      want: ["kubectl", "get", "pods", "--namespace", "ns"],
    },
    "a namespaced command that names one keeps it": {
      text: { command: "kubectl get pods -n other", namespaced: true },
      want: ["kubectl", "get", "pods", "-n", "other"],
    },
  };
  for (const [name, { text, want }] of Object.entries(cases)) {
    test(name, () => assert.deepEqual(commandLine(text, env), want));
  }
});

test("a command with an open quote is refused", () => {
  assert.throws(() => commandLine({ command: "a 'b", namespaced: false }, {}), { reason: "InvalidSuite" });
});

describe("a collector", () => {
  const cases: Record<string, { collector: Collector; want: string }> = {
    "of a pod shows all its lines": {
      collector: { pod: "web" },
      want: "kubectl logs --prefix web --all-containers --tail=-1 -n $NAMESPACE",
    },
    "of selected pods shows the last lines of one container": {
      collector: { type: "pod", selector: "app=web", namespace: "shop", container: "istio-proxy", tail: 5 },
      want: "kubectl logs --prefix -l app=web -c istio-proxy --tail=5 -n shop",
    },
    "with a command runs it": { collector: { command: "date" }, want: "date" },
    "of events lists them": {
      collector: { type: "events" },
      want: "kubectl get events -n $NAMESPACE --sort-by=.lastTimestamp",
    },
  };
  for (const [name, { collector, want }] of Object.entries(cases)) {
    test(name, () => assert.equal(collectorCommand(collector).command, want));
  }
});
