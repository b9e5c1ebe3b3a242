import { microTime } from "./micro-time.ts";
import { leases, typed } from "./resource-types.ts";
import type { KubeObject, ObjectKey, ObjectMeta } from "./types.ts";

/** Source: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/lease-v1/ */
export interface Lease extends KubeObject {
  readonly metadata: ObjectMeta;
  readonly spec: LeaseSpec;
}

export interface LeaseSpec {
  /** Empty or absent when nobody holds it. */
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

export const leaseType = typed<Lease>(leases);

/** A Lease that a candidate takes first. */
export function newLease(key: Required<ObjectKey>, identity: string, leaseMs: number, now: Date): Lease {
  const empty: Lease = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: key, spec: {} };
  return heldLease(empty, identity, leaseMs, now);
}

/** The Lease as a candidate writes it to take or to keep it. */
export function heldLease(lease: Lease, identity: string, leaseMs: number, now: Date): Lease {
  const { holderIdentity = "", leaseTransitions = 0, acquireTime } = lease.spec;
  const isRenewal = holderIdentity === identity && acquireTime !== undefined;
  return {
    ...lease,
    spec: {
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(leaseMs / 1000),
      acquireTime: isRenewal ? acquireTime : microTime(now),
      renewTime: microTime(now),
      leaseTransitions: leaseTransitions + (holderIdentity === identity ? 0 : 1),
    },
  };
}

/** The Lease as its holder leaves it, for others to take at once. */
export function releasedLease(lease: Lease, now: Date): Lease {
  return { ...lease, spec: { ...lease.spec, holderIdentity: "", leaseDurationSeconds: 1, renewTime: microTime(now) } };
}
