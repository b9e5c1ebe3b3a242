import { contractVersion, type ProbeRoute, volumeAttributes } from "@meshwright/contract/volume";
import { z } from "zod";
import type { VolumeSpec } from "../agent/volume-spec.ts";
import { VolumeError } from "./volume-error.ts";

/** What kubelet adds about the pod. Source: https://kubernetes-csi.github.io/docs/pod-info.html */
const podKeys = {
  name: "csi.storage.k8s.io/pod.name",
  namespace: "csi.storage.k8s.io/pod.namespace",
  uid: "csi.storage.k8s.io/pod.uid",
  serviceAccount: "csi.storage.k8s.io/serviceAccount.name",
  ephemeral: "csi.storage.k8s.io/ephemeral",
} as const;

/** A pod has at most a few dozen containers; what is longer is not parsed at all. */
const maxProbesBytes = 16 * 1024;
const maxProbes = 64;

const revisionPattern = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

const probes: z.ZodType<readonly ProbeRoute[]> = z
  .array(
    z.strictObject({
      path: z.string().regex(/^\/app-health\/[a-z0-9-]{1,63}\/(livez|readyz|startupz)$/),
      port: z.int().min(1).max(65_535),
      targetPath: z
        .string()
        .max(1024)
        .regex(/^\/[\x21-\x7e]*$/),
      scheme: z.enum(["HTTP", "HTTPS"]),
      timeoutSeconds: z.int().min(1).max(3600),
    }),
  )
  .max(maxProbes);

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
  return { pod: readPod(context), revision, probes: readProbes(context[volumeAttributes.probes] ?? "[]") };
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

function readProbes(text: string): readonly ProbeRoute[] {
  const bytes = Buffer.byteLength(text);
  if (bytes > maxProbesBytes)
    throw invalid(`attribute "probes" has ${bytes} bytes: at most ${maxProbesBytes} are served`);
  const parsed = probes.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = ["probes", ...(issue?.path ?? [])].join(".");
  throw invalid(`attribute "${field}" is wrong: ${issue?.message}: let the injector write it`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function invalid(detail: string): VolumeError {
  return new VolumeError("InvalidArgument", `cannot publish volume: ${detail}`);
}

/** Cut, since anybody may have written it. */
function quote(value: string | undefined): string {
  return value === undefined ? "missing" : JSON.stringify(value.slice(0, 100));
}
