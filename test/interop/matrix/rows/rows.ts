import type { Row } from "../row.ts";
import { besidesTheMesh } from "./besides-the-mesh.ts";
import { byPolicy } from "./by-policy.ts";
import { meshToMesh } from "./mesh-to-mesh.ts";
import { meshToOutside } from "./mesh-to-outside.ts";
import { meshToUnmeshed } from "./mesh-to-unmeshed.ts";
import { overIpv6 } from "./over-ipv6.ts";
import { unmeshedToMesh } from "./unmeshed-to-mesh.ts";

/** Every row of the matrix: who calls whom by which address, over which port, and what must come of it. */
export const rows: readonly Row[] = [
  ...meshToMesh,
  ...meshToUnmeshed,
  ...unmeshedToMesh,
  ...meshToOutside,
  ...byPolicy,
  ...besidesTheMesh,
  ...overIpv6,
];
