import { join } from "node:path";
import { goldenCases } from "@meshwright/testing/golden";
import { parse } from "yaml";
import { type BootstrapInput, bootstrap } from "./bootstrap.ts";
import { certificateSds, trustBundleSds } from "./sds.ts";

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

goldenCases(join(import.meta.dirname, "testdata"), (input) => ({
  "bootstrap.json": json(bootstrap(parse(input) as BootstrapInput)),
  "sds/default.json": json(certificateSds()),
  "sds/rootca-file.json": json(trustBundleSds()),
}));
