import { fleetContentType, fleetPath } from "@meshwright/contract/fleet";
import { renderFleetLine } from "@meshwright/contract/fleet-lines";
import { type Endpoint, type Sources, scopeOf } from "./endpoint.ts";

/** The fleet view, which the operator reads. */
export const fleet: Endpoint = {
  path: fleetPath,
  help: "proxies connected to this replica, with all that is known of each, as JSON lines (?namespace=)",
  answer: (query, access, sources) => {
    const scope = scopeOf(query, access);
    if (scope.kind === "refused") return scope;
    return { kind: "answer", contentType: fleetContentType, pieces: lines(sources, scope.namespace) };
  },
};

function* lines({ replica, proxies }: Sources, namespace: string | undefined): Iterable<string> {
  yield renderFleetLine(replica());
  let count = 0;
  for (const proxy of proxies(namespace)) {
    count += 1;
    yield renderFleetLine(proxy);
  }
  yield renderFleetLine({ kind: "end", proxies: count });
}
