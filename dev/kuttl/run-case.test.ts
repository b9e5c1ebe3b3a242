import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { KubeObject } from "@meshwright/kube/types";
import type { Cluster, Located } from "./cluster.ts";
import type { Step } from "./load-case.ts";
import type { Manifest } from "./manifest.ts";
import { runCase } from "./run-case.ts";
import { kuttlApiVersion, testAssert, testStep, testSuite } from "./test-types.ts";

const settings = testSuite.parse({ apiVersion: kuttlApiVersion, kind: "TestSuite", testDirs: ["x"], timeout: 1 });

/** A cluster of named objects that grants every wish at once. */
class FakeCluster implements Cluster {
  readonly objects = new Map<string, KubeObject>();
  readonly deleted: string[] = [];

  async apply(manifest: Manifest): Promise<Located & { outcome: "created" | "updated" }> {
    const located = this.#locate(manifest);
    const outcome = this.objects.has(located.key.name) ? "updated" : "created";
    this.objects.set(located.key.name, { ...manifest, metadata: { ...manifest.metadata, name: located.key.name } });
    return { ...located, outcome };
  }

  async candidates({ metadata }: Manifest): Promise<readonly KubeObject[]> {
    const found = this.objects.get(metadata.name ?? "");
    return found === undefined ? [] : [found];
  }

  async locate(manifest: Manifest): Promise<readonly Located[]> {
    return [this.#locate(manifest)];
  }

  async remove({ key }: Located): Promise<void> {
    this.deleted.push(key.name);
    this.objects.delete(key.name);
  }

  async isGone({ key }: Located): Promise<boolean> {
    return !this.objects.has(key.name);
  }

  #locate({ apiVersion, kind, metadata }: Manifest): Located {
    const type = { group: "", version: apiVersion, plural: `${kind.toLowerCase()}s`, kind, namespaced: false };
    return { type, key: { name: metadata.name ?? "" } };
  }
}

const object = (name: string, phase = "Ready"): Manifest => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name },
  status: { phase },
});

interface StepParts {
  readonly script?: string;
  readonly apply?: readonly Manifest[];
  readonly asserts?: readonly Manifest[];
  readonly errors?: readonly Manifest[];
  readonly assertScript?: string;
  readonly deletes?: string;
}

function step(
  index: number,
  { script, apply = [], asserts = [], errors = [], assertScript, deletes }: StepParts,
): Step {
  const head = { apiVersion: kuttlApiVersion };
  return {
    index,
    name: "a",
    apply,
    asserts,
    errors,
    settings: testStep.parse({
      ...head,
      kind: "TestStep",
      commands: script === undefined ? [] : [{ script }],
      delete: deletes === undefined ? [] : [{ apiVersion: "v1", kind: "Pod", name: deletes }],
    }),
    assert: testAssert.parse({
      ...head,
      kind: "TestAssert",
      commands: assertScript === undefined ? [] : [{ script: assertScript }],
    }),
  };
}

interface Outcome {
  readonly failures: readonly string[];
  readonly lines: readonly string[];
  readonly cluster: FakeCluster;
}

async function run(...steps: readonly Step[]): Promise<Outcome> {
  const cluster = new FakeCluster();
  const lines: string[] = [];
  const log = { line: (text: string) => void lines.push(text) };
  const test = { name: "t", dir: import.meta.dirname, steps };
  const failures = await runCase(test, { settings, cluster, kubeconfig: "none", log });
  return { failures, lines, cluster };
}

describe("a step passes", () => {
  const cases: Record<string, StepParts> = {
    "when its commands succeed": { script: "true" },
    "when what it applied is as asserted": { apply: [object("a")], asserts: [object("a")] },
    "when nothing is as the errors say": { apply: [object("a", "Ready")], errors: [object("a", "Failed")] },
    "when an assertion's command succeeds": { assertScript: 'test -n "$NAMESPACE"' },
  };
  for (const [name, parts] of Object.entries(cases)) {
    test(name, async () => assert.deepEqual((await run(step(0, parts))).failures, []));
  }
});

describe("a step fails, and says why,", () => {
  const cases: Record<string, { parts: StepParts; words: RegExp }> = {
    "when a command fails": { parts: { script: "exit 3" }, words: /exit code 3/ },
    "when a command takes too long": { parts: { script: "sleep 60" }, words: /not finished after 1 s/ },
    "when an asserted object is missing": { parts: { asserts: [object("b")] }, words: /Pod "b": there is none/ },
    "when an asserted field differs": {
      parts: { apply: [object("a", "Pending")], asserts: [object("a")] },
      words: /status\.phase is "Pending", expected "Ready"/,
    },
    "when something is as the errors say": {
      parts: { apply: [object("a")], errors: [object("a")] },
      words: /must not exist: found "a"/,
    },
    "when an assertion's command fails": { parts: { assertScript: "echo seen; exit 1" }, words: /exit code 1\n.*seen/ },
  };
  for (const [name, { parts, words }] of Object.entries(cases)) {
    test(name, async () => assert.match((await run(step(0, parts))).failures.join("\n"), words));
  }
});

test("a failed step is the last one", async () => {
  const { lines } = await run(step(0, { script: "exit 1" }), step(1, { script: "echo second" }));
  assert.ok(!lines.some((line) => line.includes("second")));
});

test("what the test created is deleted in reverse order, its namespace last", async () => {
  const { cluster } = await run(step(0, { apply: [object("a"), object("b")] }), step(1, { apply: [object("a")] }));
  assert.deepEqual(cluster.deleted.slice(0, 2), ["b", "a"]);
  assert.match(cluster.deleted.at(-1) ?? "", /^kuttl-test-/);
  assert.equal(cluster.objects.size, 0);
});

test("a step's deletions come first", async () => {
  const { cluster, failures } = await run(
    step(0, { apply: [object("a")] }),
    step(1, { deletes: "a", errors: [object("a")] }),
  );
  assert.deepEqual(failures, []);
  assert.ok(cluster.deleted.includes("a"));
});

test("the output of commands is logged", async () => {
  const { lines } = await run(step(0, { script: "echo hello" }));
  assert.ok(lines.some((line) => line.trim() === "hello"));
});
