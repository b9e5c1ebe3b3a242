import { fileURLToPath } from "node:url";
import { goldenCases } from "@meshwright/testing/golden";
import { caseView } from "./testdata/case-view.ts";
import { readCase } from "./testdata/read-case.ts";
import { renderView } from "./testdata/render-view.ts";

const root = fileURLToPath(new URL("testdata", import.meta.url));

/** Stands in the secret as it is; nothing looks at it. */
const trustBundle = "-----BEGIN CERTIFICATE-----\n...\n-----END CERTIFICATE-----\n";

goldenCases(root, (input) => renderView(caseView(readCase(input), trustBundle).current()));
