import { registry as localRegistry } from "../images/names.ts";

/** Registry of our images: MESHWRIGHT_REGISTRY for a cluster that pulls them, else the name under which they are loaded. */
const registry = process.env["MESHWRIGHT_REGISTRY"] ?? localRegistry;

/** Makes manifests written for a development cluster take their images from the registry. */
export function withRegistry(manifests: string): string {
  return manifests
    .replaceAll(`${localRegistry}/meshwright-`, `${registry}/meshwright-`)
    .replaceAll(`registry: ${localRegistry}`, `registry: ${registry}`);
}
