import { uninstallFinalizer } from "../api/mesh-install.ts";
import type { Observed } from "../observe/types.ts";
import { certificateAuthoritySecret } from "./certificate-authority.ts";
import { stamped } from "./manifest.ts";
import { namespace } from "./manifests/namespace.ts";
import type { Step } from "./step.ts";

/** What comes before everything else: the finalizer, the namespace, the root. */
export function foundationSteps(observed: Observed): readonly Step[] {
  return [...finalizerSteps(observed), ...namespaceSteps(observed), ...authoritySteps(observed)];
}

/** The finalizer comes before the first object, so that none is ever left without somebody to remove it. */
function finalizerSteps({ install }: Observed): readonly Step[] {
  return (install.metadata.finalizers ?? []).includes(uninstallFinalizer) ? [] : [{ kind: "holdFinalizer" }];
}

/** Somebody else's namespace is used as it is. */
function namespaceSteps({ install, namespace: state }: Observed): readonly Step[] {
  if (state.kind === "present") return [];
  const { name } = install.metadata;
  return [{ kind: "apply", manifest: stamped(namespace({ name, namespace: install.spec.namespace })) }];
}

function authoritySteps({ install, certificateAuthority }: Observed): readonly Step[] {
  if (certificateAuthority.kind === "present") return [];
  return [{ kind: "createCertificateAuthority", manifest: certificateAuthoritySecret(install) }];
}
