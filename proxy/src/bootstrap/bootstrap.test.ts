import { join } from "node:path";
import { goldenCases } from "@meshwright/testing/golden";
import { parse, stringify } from "yaml";
import { type BootstrapInput, bootstrap } from "./bootstrap.ts";
import { certificateSds, trustBundleSds } from "./sds.ts";

// As YAML, which is shorter to review and which no formatter of JSON touches.
goldenCases(join(import.meta.dirname, "testdata"), (input) => ({
  "bootstrap.yaml": stringify(bootstrap(parse(input) as BootstrapInput)),
  "sds/default.yaml": stringify(certificateSds()),
  "sds/rootca-file.yaml": stringify(trustBundleSds()),
}));
