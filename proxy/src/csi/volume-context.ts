import { isProxyVersion } from "@meshwright/contract/proxy-version";
import { contractVersion, volumeAttributes } from "@meshwright/contract/volume";
import type { VolumeSpec } from "../agent/volume-spec.ts";
import { captureAttribute } from "./capture-attribute.ts";
import { readJsonAttribute } from "./json-attribute.ts";
import { probesAttribute } from "./probes-attribute.ts";
import { VolumeError } from "./volume-error.ts";

/** What kubelet adds about the pod. Source: https://kubernetes-csi.github.io/docs/pod-info.html */
const podKeys = {
  name: "csi.storage.k8s.io/pod.name",
  namespace: "csi.storage.k8s.io/pod.namespace",
  uid: "csi.storage.k8s.io/pod.uid",
  serviceAccount: "csi.storage.k8s.io/serviceAccount.name",
  ephemeral: "csi.storage.k8s.io/ephemeral",
} as const;

const revisionPattern = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/**
 * Checks the context of a volume. Kubelet vouches for the pod's part; the attributes are anybody's word, since a user can
 * write such a volume by hand.
 *
 * Errors: VolumeError `InvalidArgument` with field, value and fix.
 */
export function readVolumeContext(context: Readonly<Record<string, string>>): VolumeSpec {
  if (context[podKeys.ephemeral] !== "true")
    throw invalid(`it is not an inline volume of a pod: use it as spec.volumes[].csi, not by a PersistentVolume`);
  const contract = context[volumeAttributes.contract];
  if (contract !== contractVersion)
    throw invalid(`attribute "contract" is ${quote(contract)}: this node agent serves "${contractVersion}"`);
  const revision = context[volumeAttributes.revision] ?? "";
  if (!revisionPattern.test(revision))
    throw invalid(`attribute "revision" is ${quote(revision)}: set it to a revision's name, a DNS label as "default"`);
  const { probes, capture } = volumeAttributes;
  return {
    pod: readPod(context),
    revision,
    ...readVersion(context[volumeAttributes.version]),
    probes: readJsonAttribute(probes, context[probes] ?? "[]", probesAttribute),
    capture: readJsonAttribute(capture, context[capture] ?? "{}", captureAttribute),
    redirect: readRedirect(context[volumeAttributes.redirect]),
  };
}

function readVersion(text: string | undefined): Pick<VolumeSpec, "version"> {
  if (text === undefined) return {};
  if (isProxyVersion(text)) return { version: text };
  throw invalid(`attribute "version" is ${quote(text)}: set it to the sidecar's version, as "v1.1.0", or leave it out`);
}

function readRedirect(text = "init"): VolumeSpec["redirect"] {
  if (text === "init" || text === "cni") return text;
  throw invalid(`attribute "redirect" is ${quote(text)}: set it to "init" or "cni"`);
}

function readPod(context: Readonly<Record<string, string>>): VolumeSpec["pod"] {
  const { name, namespace, uid, serviceAccount } = podKeys;
  const value = (key: string): string => {
    const found = context[key] ?? "";
    if (found === "") throw invalid(`kubelet did not send "${key}": set podInfoOnMount of the CSIDriver`);
    return found;
  };
  return { name: value(name), namespace: value(namespace), uid: value(uid), serviceAccount: value(serviceAccount) };
}

function invalid(detail: string): VolumeError {
  return new VolumeError("InvalidArgument", `cannot publish volume: ${detail}`);
}

/** Cut, since anybody may have written it. */
function quote(value: string | undefined): string {
  return value === undefined ? "missing" : JSON.stringify(value.slice(0, 100));
}
