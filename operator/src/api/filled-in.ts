import { type EffectiveField, effective, effectiveFields } from "./effective.ts";
import { profiles } from "./gen/profiles.ts";
import type { MeshInstall } from "./mesh-install.ts";
import { type MeshInstallSpec, meshInstallSpec, type ProfileName, profileNames } from "./mesh-install-spec.ts";

type Values = Readonly<Record<string, unknown>>;

/** Fills in what a MeshInstall, as the API server has it, leaves out; the settings that it states stay beside it. */
export function filledIn(install: MeshInstall): MeshInstall {
  const stated: Values = install.stated ?? { ...install.spec };
  return { ...install, spec: effectiveSpec(stated), stated };
}

/** Every setting that holds for a MeshInstall, and where it comes from. */
export function settingsOf({ spec, stated }: MeshInstall): readonly EffectiveField[] {
  const said = stated ?? { ...spec };
  return effectiveFields(meshInstallSpec.node, profileOf(said), said);
}

function effectiveSpec(stated: Values): MeshInstallSpec {
  // The API server has checked what is stated, the generator what profiles say, and the schema has the rest.
  return effective(meshInstallSpec.node, profileOf(stated), stated) as MeshInstallSpec;
}

function profileOf({ profile }: Values): Values {
  const name: ProfileName = profileNames.find((known) => known === profile) ?? "default";
  return profiles[name];
}
