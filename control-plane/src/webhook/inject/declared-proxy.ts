import { sidecarName } from "./names.ts";
import type { Container, Pod } from "./pod.ts";

/** The container that the user declared for the proxy, and where it stands. */
export interface DeclaredProxy {
  readonly container: Container;
  /** As `spec.containers[1]`. */
  readonly field: string;
  /** JSON Pointer. */
  readonly pointer: string;
}

/** Finds the first container that the user declared under the proxy's name. */
export function declaredProxy({ spec }: Pod): DeclaredProxy | undefined {
  return declaredIn("initContainers", spec.initContainers ?? []) ?? declaredIn("containers", spec.containers);
}

function declaredIn(
  list: "containers" | "initContainers",
  containers: readonly Container[],
): DeclaredProxy | undefined {
  const index = containers.findIndex(({ name }) => name === sidecarName);
  const container = containers[index];
  return container && { container, field: `spec.${list}[${index}]`, pointer: `/spec/${list}/${index}` };
}

/** The field of a declared proxy that would make something else of it. */
export function foreignField({ container, field }: DeclaredProxy): string | undefined {
  const found = ["command", "args"].find((name) => Object.hasOwn(container, name));
  return found && `${field}.${found}`;
}
