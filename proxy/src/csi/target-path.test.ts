import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkTargetPath } from "./target-path.ts";
import { VolumeError } from "./volume-error.ts";

const kubeletDir = "/var/lib/kubelet";
const good = `${kubeletDir}/pods/0a1b-2c/volumes/kubernetes.io~csi/meshwright/mount`;

test("kubelet's own path is taken", () => assert.equal(checkTargetPath(good, kubeletDir), good));

describe("a target path is refused when", () => {
  const cases: Record<string, string> = {
    "it is empty": "",
    "it is outside of kubelet's folder": "/etc",
    "it is below another kubelet's folder": `/other${good}`,
    "it is kubelet's folder of plugins": `${kubeletDir}/plugins/identity.meshwright.dev`,
    "it climbs out": `${kubeletDir}/pods/0a1b/volumes/kubernetes.io~csi/../../../../../etc/mount`,
    "it climbs and comes back": `${kubeletDir}/pods/../pods/0a1b-2c/volumes/kubernetes.io~csi/meshwright/mount`,
    "it is another driver's kind of volume": `${kubeletDir}/pods/0a1b/volumes/kubernetes.io~secret/token/mount`,
    "it is below a volume": `${good}/identity`,
    "it ends in a line break": `${good}\n`,
  };
  for (const [name, path] of Object.entries(cases)) {
    test(name, () => {
      assert.throws(
        () => checkTargetPath(path, kubeletDir),
        (error) => error instanceof VolumeError && error.reason === "InvalidArgument",
      );
    });
  }
});
