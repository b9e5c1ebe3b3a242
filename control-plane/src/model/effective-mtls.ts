import type { InboundMtls } from "./inbound-mtls.ts";
import type { MtlsMode } from "./mtls-mode.ts";
import type { PeerAuthentication, PolicyMode } from "./peer-authentication.ts";
import type { Policies, WorkloadPolicy } from "./policies.ts";
import type { Workload } from "./workload.ts";

/** One for all pods: there are many, and few have a policy that names a port. */
const noPorts: InboundMtls["byPort"] = new Map();

/**
 * Merges what applies to a workload: the narrowest scope that says something decides, and one that says nothing inherits.
 * Of the policies that select the workload only the oldest counts.
 *
 * @param meshDefault what holds where no policy says anything
 */
export function effectiveMtls(workload: Workload, policies: Policies, meshDefault: MtlsMode): InboundMtls {
  const own = ownPolicy(workload, policies);
  const modes = [own?.mode, policies.byNamespace.get(workload.namespace)?.mode, policies.mesh?.mode];
  const mode = modes.reduce(inherit, undefined) ?? meshDefault;
  const ports = [...(own?.scope.portModes ?? [])];
  if (ports.length === 0) return { mode, byPort: noPorts };
  return { mode, byPort: new Map(ports.map(([port, portMode]) => [port, inherit(undefined, portMode) ?? mode])) };
}

/** The policies that decide what a workload accepts, the narrowest first. */
export function decidingPolicies(workload: Workload, policies: Policies): readonly PeerAuthentication[] {
  const candidates = [ownPolicy(workload, policies), policies.byNamespace.get(workload.namespace), policies.mesh];
  return candidates.filter((policy) => policy !== undefined);
}

function ownPolicy(workload: Workload, { workloads }: Policies): WorkloadPolicy | undefined {
  return workloads.get(workload.namespace)?.find(({ scope }) => hasLabels(workload, scope.labels));
}

function inherit(narrower: MtlsMode | undefined, wider: PolicyMode | undefined): MtlsMode | undefined {
  return narrower ?? (wider === "inherit" ? undefined : wider);
}

function hasLabels({ labels }: Workload, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([label, value]) => labels[label] === value);
}
