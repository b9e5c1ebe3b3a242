import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Observed, OwnedObject, PluginUsers } from "../observe/types.ts";
import { cniMode } from "./cni-mode.ts";
import { type CniMode, installation } from "./installation.ts";
import { nodeAgentManifests, revisionManifests } from "./manifests/all.ts";
import { plan } from "./plan.ts";
import { asStored, complete, empty, meshInstall, settings } from "./testdata/observed.ts";

const enabled = meshInstall({ spec: { cni: { enabled: true } } });
const disabled = meshInstall();
const listed = (...pods: readonly string[]): PluginUsers => ({ kind: "listed", pods });
const behind = { observedGeneration: 1, desiredNumberScheduled: 2, updatedNumberScheduled: 1, numberAvailable: 2 };

interface Cluster {
  readonly install?: Observed["install"];
  /** What was applied last. */
  readonly applied: CniMode;
  readonly isRolledOut?: boolean;
  readonly pluginUsers?: PluginUsers;
}

/** What is observed of a mesh in which a mode was applied. */
function cluster({ install = disabled, applied, isRolledOut = true, ...rest }: Cluster): Observed {
  const [entry] = settings.catalogue;
  assert.ok(entry);
  const input = { install, entry, root: "ROOT PEM\n", kubernetesVersion: "1.37.2", cni: applied, settings };
  const target = installation(input);
  const made = revisionManifests(target);
  const owned = [...nodeAgentManifests(target), ...made.controlPlane, ...made.injector].map(asStored);
  const late = (object: OwnedObject): OwnedObject =>
    object.kind === "DaemonSet" && !isRolledOut ? { ...object, status: behind } : object;
  return { ...complete(install), owned: owned.map(late), ...rest };
}

const off: CniMode = { redirect: "init" };
const preparing: CniMode = { stage: "enabled", redirect: "init" };
const on: CniMode = { stage: "enabled", redirect: "cni" };
const removing: CniMode = { stage: "removing", redirect: "init" };

describe("CNI mode that is switched on", () => {
  const cases: Record<string, { observed: Observed; want: CniMode }> = {
    "holds from the start in a new mesh": { observed: empty(enabled), want: on },
    "brings the plugin to the nodes first": { observed: cluster({ install: enabled, applied: off }), want: preparing },
    "lets pods rely on it not before every node has it": {
      observed: cluster({ install: enabled, applied: preparing, isRolledOut: false }),
      want: preparing,
    },
    "lets pods rely on it when every node has it": {
      observed: cluster({ install: enabled, applied: preparing }),
      want: on,
    },
    "stays when a node comes late": {
      observed: cluster({ install: enabled, applied: on, isRolledOut: false }),
      want: on,
    },
    "brings back a plugin that was about to leave": {
      observed: cluster({ install: enabled, applied: removing }),
      want: preparing,
    },
  };
  for (const [name, { observed, want }] of Object.entries(cases))
    test(name, () => assert.deepEqual(cniMode(observed), want));
});

describe("CNI mode that is switched off", () => {
  const cases: Record<string, { observed: Observed; want: CniMode }> = {
    "is nothing where it never was on": { observed: cluster({ applied: off }), want: off },
    "tells the injector first, whoever needs the plugin": {
      observed: cluster({ applied: on, pluginUsers: listed() }),
      want: preparing,
    },
    "keeps the plugin for pods that rely on it": {
      observed: cluster({ applied: preparing, pluginUsers: listed("shop/web") }),
      want: preparing,
    },
    "keeps the plugin while nobody knows about pods": { observed: cluster({ applied: preparing }), want: preparing },
    "takes the plugin away when no pod relies on it": {
      observed: cluster({ applied: preparing, pluginUsers: listed() }),
      want: removing,
    },
    "gives every node the time to do so": {
      observed: cluster({ applied: removing, isRolledOut: false }),
      want: removing,
    },
    "takes the folders from the agents at last": { observed: cluster({ applied: removing }), want: off },
  };
  for (const [name, { observed, want }] of Object.entries(cases))
    test(name, () => assert.deepEqual(cniMode(observed), want));

  test("is ready, and names the pods that keep the plugin on the nodes", () => {
    const { steps, verdict } = plan(cluster({ applied: preparing, pluginUsers: listed("shop/web") }), settings);
    assert.deepEqual(steps, []);
    assert.ok(verdict.kind === "ready");
    assert.match(verdict.note ?? "", /stays on the nodes for pod shop\/web, .*create them anew/);
  });

  test("is not ready while the plugin leaves the nodes", () => {
    const { verdict } = plan(cluster({ applied: removing, isRolledOut: false }), settings);
    assert.ok(verdict.kind === "progressing");
    assert.equal(verdict.reason, "NodeAgentNotReady");
  });
});

test("an injector whose settings nobody can read counts as one that does not rely on the plugin", () => {
  const observed = cluster({ applied: on, pluginUsers: listed() });
  const owned = observed.owned.filter(({ kind }) => kind !== "ConfigMap");
  assert.deepEqual(cniMode({ ...observed, owned }), removing);
});
