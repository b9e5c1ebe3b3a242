import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { labels } from "@meshwright/contract/labels";
import type { Observed } from "../observe/types.ts";
import { plan } from "./plan.ts";
import { canary, lifecycle, revisionFor, tag, world } from "./testdata/lifecycle.ts";
import { asStored } from "./testdata/observed.ts";

const [old, next] = [revisionFor("v1.0.0"), revisionFor("v1.1.0")];

/** The revision that the webhook of each tag is to call by the plan, if it is to change. */
function moves(observed: Observed): Readonly<Record<string, string>> {
  const applied = plan(observed, lifecycle).steps.flatMap((step) => {
    if (step.kind !== "apply") return [];
    const { [labels.tag]: name, [labels.revision]: to } = step.manifest.metadata.labels ?? {};
    return name === undefined || to === undefined ? [] : [[name, to] as const];
  });
  return Object.fromEntries(applied);
}

/** What the plan has its tags' webhooks be, as if it had been carried out. */
function carriedOut(observed: Observed): Observed {
  const applied = plan(observed, lifecycle).steps.flatMap((step) =>
    step.kind === "apply" && step.manifest.metadata.labels?.[labels.tag] !== undefined ? [asStored(step.manifest)] : [],
  );
  const names = new Set(applied.map(({ metadata }) => metadata.name));
  return { ...observed, owned: [...observed.owned.filter(({ metadata }) => !names.has(metadata.name)), ...applied] };
}

const report = (observed: Observed) => plan(observed, lifecycle).tags[0];
const failing = (observed: Observed, revision: string): Observed => ({
  ...observed,
  webhooks: new Map([...observed.webhooks, [revision, { kind: "fails", detail: "refused" }]]),
});

describe("a tag", () => {
  const prod = [tag("prod")];
  const before = carriedOut(world({ install: canary("v1.0.0", "v1.0.0"), revisions: ["v1.0.0"], tags: prod }));
  const both = world({ install: canary("v1.1.0", "v1.0.0"), revisions: ["v1.0.0", "v1.1.0"], tags: prod });
  const upgraded: Observed = {
    ...both,
    owned: [...both.owned, ...before.owned.filter(({ metadata }) => metadata.labels?.[labels.tag] !== undefined)],
  };

  test("gets a webhook that calls its revision by the tag's name", () => {
    const observed = world({ install: canary("v1.0.0", "v1.0.0"), revisions: ["v1.0.0"], tags: prod });
    assert.deepEqual(moves(observed), { prod: old });
    const webhook = before.owned.find(({ metadata }) => metadata.name === "meshwright-tag-prod");
    assert.match(JSON.stringify(webhook), /"name":"meshd-default-v1-0-0".*"path":"\/inject\/prod"/);
  });

  test("follows the install to a revision that is proven to inject", () => {
    assert.deepEqual(moves(upgraded), { prod: next });
    assert.equal(report(carriedOut(upgraded))?.hindrance, undefined);
  });

  test("stays where it is while the new revision's webhook does not answer, or a replica of it is missing", () => {
    assert.deepEqual(moves(failing(upgraded, next)), {});
    const starting = {
      ...upgraded,
      owned: upgraded.owned.map((each) =>
        each.kind === "Deployment" && each.metadata.labels?.[labels.revision] === next
          ? { ...each, status: { observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: 1 } }
          : each,
      ),
    };
    assert.deepEqual(moves(starting), {});
    const told = report(starting);
    assert.equal(told?.revision, old);
    assert.deepEqual(told?.hindrance, { kind: "waits", detail: `revision "${next}" does not inject yet` });
  });

  test("that stands stays although its revision's webhook is away for a while", () => {
    assert.deepEqual(plan(failing(before, old), lifecycle).steps, []);
    assert.equal(report(failing(before, old))?.hindrance, undefined);
  });

  test("holds the revision that it stands for, not the one that it is to stand for", () => {
    const users = (observed: Observed, name: string) =>
      plan(observed, lifecycle).revisions.find(({ revision }) => revision.metadata.name === name)?.usage.tags;
    assert.deepEqual(users(failing(upgraded, next), old), ["prod"]);
    assert.deepEqual(users(failing(upgraded, next), next), []);
  });

  test("of a revision stays at it", () => {
    const stays = { ...upgraded, tags: [tag("prod", old)] };
    assert.deepEqual(moves(stays), {});
    assert.equal(report(stays)?.hindrance, undefined);
  });

  test("whose target is missing says so, and keeps what it had", () => {
    const lost = { ...upgraded, tags: [tag("prod", "no-such")] };
    assert.deepEqual(moves(lost), {});
    assert.deepEqual(report(lost)?.hindrance, {
      kind: "targetMissing",
      detail: 'spec.targetRef names MeshRevision "no-such", which is not there: create it, or name another',
    });
    assert.equal(report(lost)?.revision, old);
  });

  test("with the name of an older revision gets no webhook", () => {
    const clash = world({ install: canary("v1.0.0", "v1.0.0"), revisions: ["v1.0.0"], tags: [tag(old)] });
    assert.deepEqual(moves(clash), {});
    assert.equal(report(clash)?.hindrance?.kind, "nameTaken");
  });

  test("of a revision whose version a newer operator does not know keeps its webhook", () => {
    const [newest] = lifecycle.catalogue;
    const { steps, tags } = plan(before, { ...lifecycle, catalogue: [newest] });
    assert.deepEqual(steps, []);
    assert.equal(tags[0]?.revision, old);
  });

  test("that is deleted loses its webhook", () => {
    const { steps } = plan({ ...before, tags: [] }, lifecycle);
    assert.deepEqual(
      steps.map((step) => ("object" in step ? step.object.metadata.name : step.kind)),
      ["meshwright-tag-prod"],
    );
  });
});
