import { mtlsOfPort } from "../../model/inbound-mtls.ts";
import type { MeshedAddress } from "../../model/meshed-addresses.ts";

/** Which socket a connection to one of some addresses gets. The first rule that fits holds; where none does, plaintext. */
export interface AddressRule {
  readonly addresses: readonly string[];
  /** Absent: every port. */
  readonly port?: number;
  readonly socket: Socket;
}

type Socket = "mesh" | "plaintext";

/**
 * Says to which addresses mesh mTLS is spoken, in as few rules as there are kinds of pods: one for all that want it on
 * every port, and one for each port on which some differ.
 */
export function addressRules(pods: readonly MeshedAddress[]): readonly AddressRule[] {
  const ports = new Set(pods.flatMap(({ mtls }) => [...mtls.byPort.keys()]));
  const exceptions = [...ports].toSorted((a, b) => a - b).flatMap((port) => portRules(pods, port));
  const meshed = pods.filter((pod) => socketOf(pod) === "mesh");
  return [...exceptions, ...rule(meshed, { socket: "mesh" })];
}

function portRules(pods: readonly MeshedAddress[], port: number): readonly AddressRule[] {
  const different = pods.filter((pod) => socketOf(pod, port) !== socketOf(pod));
  const { mesh = [], plaintext = [] } = Object.groupBy(different, (pod) => socketOf(pod, port));
  return [...rule(plaintext, { port, socket: "plaintext" }), ...rule(mesh, { port, socket: "mesh" })];
}

function rule(pods: readonly MeshedAddress[], is: Omit<AddressRule, "addresses">): readonly AddressRule[] {
  return pods.length === 0 ? [] : [{ addresses: pods.map(({ address }) => address), ...is }];
}

/** What a pod is to be called by on a port, or on those that no policy names. */
function socketOf({ mtls }: MeshedAddress, port?: number): Socket {
  const mode = port === undefined ? mtls.mode : mtlsOfPort(mtls, port);
  return mode === "disabled" ? "plaintext" : "mesh";
}
