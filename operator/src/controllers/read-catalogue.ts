import { rcompare, valid } from "semver";
import { parse } from "yaml";
import { z } from "zod";
import type { Catalogue } from "../api/catalogue.ts";

const version = z
  .string()
  .regex(/^v\d+\.\d+\.\d+(-[0-9a-z.-]+)?$/, 'a version has a "v" and three numbers, as v1.2.3')
  .refine((text) => valid(text) !== null, "no semantic version");

const note = z.strictObject({
  severity: z.enum(["Blocking", "Warning"]),
  change: z.string().min(1),
  fix: z.string().min(1),
  affects: z.strictObject({
    apiVersion: z.string(),
    kind: z.string(),
    plural: z.string(),
    field: z.string().exactOptional(),
    value: z.union([z.string(), z.number(), z.boolean()]).exactOptional(),
  }),
});

const entry = z.strictObject({
  version,
  images: z.strictObject({ controlPlane: z.string(), nodeAgent: z.string(), proxy: z.string() }),
  kubernetes: z.strictObject({ range: z.string(), tested: z.array(z.string()) }),
  proxies: z.strictObject({ minorsBehind: z.int().min(0).max(9) }),
  endOfLife: z.iso.date().exactOptional(),
  notes: z.array(note).exactOptional(),
});

const file = z.strictObject({ versions: z.array(entry).min(1) });

/**
 * Reads a catalogue of versions, as operator/versions.yaml; newest first, in whatever order the file has them.
 *
 * Errors: an Error that names what is wrong where, also when a version is there twice.
 */
export function readCatalogue(text: string): Catalogue {
  const read = file.safeParse(parse(text));
  if (!read.success) throw new Error(`cannot read the version catalogue: ${z.prettifyError(read.error)}`);
  const [first, ...rest] = read.data.versions.toSorted((a, b) => rcompare(a.version, b.version));
  const twice = rest.find(({ version: each }, index) => each === (rest[index - 1] ?? first)?.version);
  if (twice !== undefined) throw new Error(`cannot read the version catalogue: "${twice.version}" is there twice`);
  if (first === undefined) throw new Error("cannot read the version catalogue: it is empty");
  return [first, ...rest];
}
