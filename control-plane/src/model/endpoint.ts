/** An address that takes traffic of one Service port now. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
  /** Whether it is reached by mesh mTLS. */
  readonly isMeshed: boolean;
  /** Empty when unknown. */
  readonly zone: string;
}

/** Where the traffic of a Service goes, and as whom the servers must identify themselves. */
export interface ServiceEndpoints {
  /** By port name of the Service; every port has an entry. Sorted by address. */
  readonly byPort: ReadonlyMap<string, readonly Endpoint[]>;
  /** Service accounts of all its pods, ready or not, sorted. */
  readonly serviceAccounts: readonly string[];
}
