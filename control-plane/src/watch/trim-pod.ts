import type { KubeContainer, KubePod } from "./kube-shapes.ts";

/** Drops what no reader looks at: there are many pods, and most of each is environment, volumes and conditions. */
export function trimPod(pod: KubePod): KubePod {
  const { apiVersion, kind, metadata, spec, status } = pod;
  const { annotations: _annotations, ownerReferences: _owners, ...kept } = metadata;
  return {
    apiVersion,
    kind,
    metadata: kept,
    ...(spec === undefined ? {} : { spec: trimSpec(spec) }),
    ...(status?.phase === undefined ? {} : { status: { phase: status.phase } }),
  };
}

function trimSpec(spec: NonNullable<KubePod["spec"]>): NonNullable<KubePod["spec"]> {
  return {
    ...(spec.serviceAccountName === undefined ? {} : { serviceAccountName: spec.serviceAccountName }),
    initContainers: (spec.initContainers ?? []).map(trimContainer),
    containers: (spec.containers ?? []).map(trimContainer),
  };
}

function trimContainer({ restartPolicy, ports }: KubeContainer): KubeContainer {
  return { ...(restartPolicy === undefined ? {} : { restartPolicy }), ...(ports === undefined ? {} : { ports }) };
}
