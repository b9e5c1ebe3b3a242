import { versions } from "../binaries/versions.ts";

/** Registry part of every image of a development machine; nothing is ever pulled from it. */
export const registry = "localhost";

/** Versions in which our own images are built. They differ in the version stamp alone: behaviour follows the stamp. */
export const productVersions = ["v1.0.0", "v1.1.0"] as const;

/** Images of our processes. */
export const productImages = ["operator", "meshd", "node-agent", "proxy", "samples"] as const;
export type ProductImage = (typeof productImages)[number];

export const pauseImage = `${registry}/meshwright-pause:1`;
export const corednsImage = `${registry}/meshwright-coredns:${versions.coredns}`;

/** Reference of one of our own images. */
export function productImage(name: ProductImage, version: string): string {
  return `${registry}/meshwright-${name}:${version}`;
}

/** Versions that suites about upgrades have beside them, and what of each is built: see kuttl-tests/lib/catalogues. */
export const testVersions: Readonly<Record<string, readonly ProductImage[]>> = {
  "v1.1.1": ["meshd", "node-agent", "proxy"],
  "v1.2.0": ["meshd", "node-agent", "proxy"],
  "v1.2.1": ["node-agent"],
  "v1.2.2": ["node-agent", "samples"],
};

/** Programs of others that single suites run in the cluster. */
export const toolNames = ["prometheus"] as const;
export type ToolImage = (typeof toolNames)[number];

/** What single suites need beside our images of the released versions. */
export const extraNames = [...toolNames, "test-versions"] as const;
export type ExtraImages = (typeof extraNames)[number];

export function toolImage(name: ToolImage): string {
  return `${registry}/meshwright-${name}:1`;
}
