import { spiffeId, type WorkloadIdentity } from "@meshwright/contract/identity";
import { typeUrls } from "@meshwright/xds-api/type-urls";
import type { Accepted, EncodedResource, ProxyView, ResourceMap } from "./view.ts";

/**
 * Shows of a view what one identity may have: a secret goes to its audience and to nobody else, whoever put it into the
 * view, and whoever asked for it before. Of others it does not exist.
 */
export function permittedView(view: Accepted, identity: WorkloadIdentity): Accepted {
  const reader = spiffeId(identity);
  let last: { readonly all: ProxyView; readonly permitted: ProxyView } | undefined;
  const current = (): ProxyView => {
    const all = view.current();
    if (last?.all !== all) last = { all, permitted: permitted(all, reader) };
    return last.permitted;
  };
  return { kind: "accepted", current, onChange: (listener) => view.onChange(listener) };
}

/** The view itself where there is nothing to hide, so that proxies share it. */
function permitted(view: ProxyView, reader: string): ProxyView {
  const secrets = view.get(typeUrls.secret);
  const visible = secrets && visibleSecrets(secrets, reader);
  return visible === undefined || visible === secrets ? view : new Map(view).set(typeUrls.secret, visible);
}

function visibleSecrets(secrets: ResourceMap, reader: string): ResourceMap {
  const isVisible = ({ audience }: EncodedResource): boolean => audience === "everyone" || audience === reader;
  const all = [...secrets];
  return all.every(([, secret]) => isVisible(secret))
    ? secrets
    : new Map(all.filter(([, secret]) => isVisible(secret)));
}
