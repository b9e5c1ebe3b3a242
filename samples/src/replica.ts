/** Which copy of which version answers; tests tell replicas apart by it. */
export interface Replica {
  /** The pod's name, which is its host name. */
  readonly name: string;
  readonly version: string;
}

/** Response header that carries the replica's name, so that a client need not parse a body to count. */
export const replicaHeader = "x-replica";
