import type { MtlsMode } from "./mtls-mode.ts";

/** What a workload accepts, after all policies that apply to it were merged. */
export interface InboundMtls {
  readonly mode: MtlsMode;
  /** By container port, where a policy names one. */
  readonly byPort: ReadonlyMap<number, MtlsMode>;
}

export function mtlsOfPort({ mode, byPort }: InboundMtls, port: number): MtlsMode {
  return byPort.get(port) ?? mode;
}
