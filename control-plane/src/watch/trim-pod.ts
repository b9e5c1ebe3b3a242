import type { KubeContainer, KubePod } from "./kube-shapes.ts";

/** Drops what no reader looks at: there are many pods, and most of each is environment, volumes and conditions. */
export function trimPod(pod: KubePod): KubePod {
  const { apiVersion, kind, metadata, spec, status } = pod;
  const { annotations: _annotations, ownerReferences = [], ...kept } = metadata;
  // Its controller's name is the workload's.
  const controllers = ownerReferences.filter(({ controller }) => controller === true);
  return {
    apiVersion,
    kind,
    metadata: controllers.length === 0 ? kept : { ...kept, ownerReferences: controllers },
    ...(spec === undefined ? {} : { spec: trimSpec(spec) }),
    ...(status === undefined ? {} : { status: trimStatus(status) }),
  };
}

function trimSpec(spec: NonNullable<KubePod["spec"]>): NonNullable<KubePod["spec"]> {
  return {
    ...(spec.serviceAccountName === undefined ? {} : { serviceAccountName: spec.serviceAccountName }),
    ...(spec.hostNetwork === undefined ? {} : { hostNetwork: spec.hostNetwork }),
    initContainers: (spec.initContainers ?? []).map(trimContainer),
    containers: (spec.containers ?? []).map(trimContainer),
  };
}

function trimStatus({ phase, podIPs }: NonNullable<KubePod["status"]>): NonNullable<KubePod["status"]> {
  return { ...(phase === undefined ? {} : { phase }), ...(podIPs === undefined ? {} : { podIPs }) };
}

function trimContainer({ restartPolicy, ports }: KubeContainer): KubeContainer {
  return { ...(restartPolicy === undefined ? {} : { restartPolicy }), ...(ports === undefined ? {} : { ports }) };
}
