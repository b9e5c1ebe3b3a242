import { join } from "node:path";
import { goldenCases } from "@meshwright/testing/golden";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { versions } from "../../api/gen/versions.ts";
import { cniStages } from "../../api/names.ts";
import { installation } from "../installation.ts";
import type { Manifest } from "../manifest.ts";
import { meshInstall } from "../testdata/observed.ts";
import { nodeAgentManifests, revisionManifests } from "./all.ts";

const input = z.strictObject({
  name: z.string(),
  kubernetesVersion: z.string(),
  spec: z.record(z.string(), z.unknown()),
  cni: z.strictObject({ stage: z.enum(cniStages), redirect: z.enum(["init", "cni"]) }).exactOptional(),
});

/** in.yaml: name and spec of a MeshInstall, the API server's version, and what was decided about CNI mode. Output: the manifests of each stage. */
goldenCases(join(import.meta.dirname, "testdata"), (text) => {
  const { name, kubernetesVersion, spec, cni = { redirect: "init" } } = input.parse(parse(text));
  const install = meshInstall({ name, spec });
  const settings = { catalogue: versions, registry: "registry.example/mesh", namespace: "meshwright-operator" };
  const entry = versions.find(({ version }) => version === install.spec.version) ?? versions[0];
  const target = installation({ install, entry, root: "ROOT PEM\n", kubernetesVersion, cni, settings });
  const made = revisionManifests(target);
  return {
    "node-agent.yaml": render(nodeAgentManifests(target)),
    "control-plane.yaml": render(made.controlPlane),
    "injector.yaml": render(made.injector),
  };
});

function render(objects: readonly Manifest[]): string {
  return objects.map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })).join("---\n");
}
