import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { appliedAnnotation } from "../api/names.ts";
import type { Observed, OwnedObject } from "../observe/types.ts";
import { checkCniFolders, withPluginFolders } from "./cni-folders.ts";
import { type CniMode, installation } from "./installation.ts";
import { nodeAgentManifests } from "./manifests/all.ts";
import { plan } from "./plan.ts";
import { asStored, complete, meshInstall, settings } from "./testdata/observed.ts";

const here = { cniBinDir: "/opt/cni/bin", cniConfDir: "/etc/cni/net.d" };
const elsewhere = { cniBinDir: "/var/lib/cni/bin", cniConfDir: "/etc/cni/multus/net.d" };
const on: CniMode = { stage: "enabled", redirect: "cni" };
const off: CniMode = { redirect: "init" };

function agents(cni: CniMode): readonly OwnedObject[] {
  const [entry] = settings.catalogue;
  assert.ok(entry);
  const install = meshInstall({ spec: { cni: { enabled: true, ...here } } });
  const target = installation({ install, entry, root: "ROOT PEM\n", kubernetesVersion: "1.37.2", cni, settings });
  return nodeAgentManifests(target).map(asStored);
}

function asWrittenByOthers(object: OwnedObject): OwnedObject {
  const annotations = { ...object.metadata.annotations, [appliedAnnotation]: "something else" };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/** A mesh whose profile has other folders than those in which the nodes have the plugin, if any. */
function moved(cni: CniMode, enabled: boolean): Observed {
  const install = meshInstall({ spec: { profile: "openshift", cni: { enabled, ...elsewhere } } });
  const others = complete(install).owned.filter(({ kind }) => kind !== "DaemonSet");
  return { ...complete(install), owned: [...others, ...agents(cni)] };
}

describe("another profile with other CNI folders", () => {
  test("is refused while CNI mode is on, with field, values and fix", () => {
    const problem = checkCniFolders(moved(on, true));
    assert.equal(problem?.reason, "CniFoldersInUse");
    assert.match(problem.message, /spec\.cni\.cniBinDir is "\/var\/lib\/cni\/bin" with the profile "openshift"/);
    assert.match(problem.message, /the plugin in "\/opt\/cni\/bin".*set spec\.profile back/);
  });

  test("names the second folder when it is the only one that differs", () => {
    const observed = moved(on, true);
    const install = meshInstall({ spec: { cni: { enabled: true, ...here, cniConfDir: elsewhere.cniConfDir } } });
    assert.match(checkCniFolders({ ...observed, install })?.message ?? "", /^spec\.cni\.cniConfDir/);
  });

  test("is no problem before the plugin came, nor while it leaves", () => {
    assert.equal(checkCniFolders(moved(off, true)), undefined);
    assert.equal(checkCniFolders(moved(on, false)), undefined);
  });

  test("leaves the agents the folders in which the plugin is", () => {
    const { install, owned } = moved(on, false);
    assert.deepEqual(withPluginFolders(install, owned).spec.cni, { enabled: false, ...here });
    const drifted = owned.map((object) => (object.kind === "DaemonSet" ? asWrittenByOthers(object) : object));
    const { steps } = plan({ ...moved(on, true), owned: drifted }, settings);
    const [written, ...more] = steps.flatMap((step) =>
      step.kind === "apply" && step.manifest.kind === "DaemonSet" ? [JSON.stringify(step.manifest)] : [],
    );
    assert.ok(written?.includes(here.cniConfDir) && !written.includes(elsewhere.cniConfDir));
    assert.deepEqual(more, []);
  });

  test("holds for the agents that get the plugin next", () => {
    const { install, owned } = moved(off, true);
    assert.equal(withPluginFolders(install, owned), install);
  });
});
