import { type Endpoint, jsonArray } from "./endpoint.ts";

/** Names what there is to ask for. */
export function listOf(endpoints: readonly Endpoint[]): Endpoint {
  const list: Endpoint = {
    path: "/debug/list",
    help: "this list",
    answer: () => jsonArray([...endpoints, list].map(({ path, help }) => ({ path, help }))),
  };
  return list;
}
