/** What one run of one sidecar showed. */
export interface Figures {
  /** From the start of the process until Envoy called itself ready, in milliseconds. */
  readonly readyMs: number;
  /** What came over the connection to the control plane until all was quiet. */
  readonly receivedBytes: number;
  readonly listeners: number;
  readonly clusters: number;
  readonly routeTables: number;
  readonly virtualHosts: number;
  readonly endpoints: number;
  /** Statistics that Envoy keeps. */
  readonly stats: number;
  /** Proportional set size: memory of its own, and its part of shared pages. */
  readonly pssBytes: number;
  /** That of it which no second proxy of a node could share, however alike: heap and stacks. */
  readonly anonymousBytes: number;
  /** CPU time of the process while nothing happened, in milliseconds; the clock's ticks are 10 ms. */
  readonly idleCpuMs: number;
}
