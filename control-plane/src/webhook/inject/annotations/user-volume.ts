import { volumeMountPath } from "@meshwright/contract/volume";
import { z } from "zod";
import { invalid, type Parsed, valid } from "./parser.ts";

/** A volume that only the proxy mounts, as the Pod API writes it. */
export type UserVolume = Readonly<Record<string, unknown>> & { readonly name: string };

/** Where the proxy mounts a volume. */
export type UserMount = Readonly<Record<string, unknown>> & { readonly name: string; readonly mountPath: string };

/** Sources that hold data for the proxy. Any other, as a directory of the node, has to stand in the pod's own spec. */
const sources = ["configMap", "secret", "emptyDir", "downwardAPI", "projected", "persistentVolumeClaim"] as const;

const label = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
const source = z.record(z.string(), z.unknown()).exactOptional();

const volume = z
  .strictObject({
    name: label,
    configMap: source,
    secret: source,
    emptyDir: source,
    downwardAPI: source,
    projected: source,
    persistentVolumeClaim: source,
  })
  .refine((value) => sources.filter((name) => value[name] !== undefined).length === 1);

const mount = z.strictObject({
  name: label,
  mountPath: z
    .string()
    .regex(/^\/[^\n\0:]{1,255}$/)
    .refine((path) => !isBelow(path, volumeMountPath)),
  readOnly: z.boolean().exactOptional(),
  subPath: z.string().max(255).exactOptional(),
});

const volumes: z.ZodType<readonly UserVolume[]> = z.array(volume).max(32);
const mounts: z.ZodType<readonly UserMount[]> = z.array(mount).max(32);

/** Reads Istio's JSON: an object from name to source, or an array of volumes with their names. */
export function parseUserVolumes(text: string): Parsed<readonly UserVolume[]> {
  const read = volumes.safeParse(named(parseJson(text)));
  return read.success
    ? valid(read.data)
    : invalid(`JSON from volume name to a source of ${sources.join(", ")}, as {"certs":{"secret":{"secretName":"a"}}}`);
}

/** Reads Istio's JSON: an object from volume name to mount, or an array of mounts with their names. */
export function parseUserMounts(text: string): Parsed<readonly UserMount[]> {
  const read = mounts.safeParse(named(parseJson(text)));
  return read.success
    ? valid(read.data)
    : invalid(
        `JSON from volume name to {mountPath, readOnly, subPath} outside ${volumeMountPath}, as {"certs":{"mountPath":"/certs"}}`,
      );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function named(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.entries(value).map(([name, fields]) => ({ ...fields, name }));
}

function isBelow(path: string, folder: string): boolean {
  const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
  const normal = `/${segments.join("/")}`;
  return segments.includes("..") || normal === folder || normal.startsWith(`${folder}/`);
}
