import { labels } from "@meshwright/contract/labels";
import type { MeshRevisionTag } from "../api/mesh-revision.ts";
import type { Observed, OwnedObject } from "../observe/types.ts";
import type { WantedRevision } from "./revisions.ts";

/** A tag, and where it is to point. */
export interface TagDecision {
  readonly name: string;
  /** Revision whose webhook the tag's calls now; undefined: it has none yet. */
  readonly from: string | undefined;
  /** Revision that it is to call from now on; undefined: it can call none. */
  readonly to: string | undefined;
  /** Why it does not stand for what its target says; undefined: it does. */
  readonly hindrance: TagHindrance | undefined;
}

/** Why a tag does not stand for what its target says. */
export type TagHindrance =
  | { readonly kind: "targetMissing"; readonly detail: string }
  | { readonly kind: "nameTaken"; readonly detail: string }
  | { readonly kind: "waits"; readonly detail: string };

/** What decides about tags: the install's revision, and which revisions are proven to inject. */
export interface TagContext {
  readonly revisions: readonly WantedRevision[];
  /** Revision that the MeshInstall asks for, or that last was ready while it asks for what cannot be had; undefined: neither. */
  readonly active: string | undefined;
  readonly isProven: (revision: string) => boolean;
}

/**
 * Decides where tags point. A tag moves only to a revision that is proven to inject, and stays where it is until then: pods of
 * its namespaces can always be created.
 */
export function decideTags(observed: Observed, context: TagContext): readonly TagDecision[] {
  return observed.tags.filter(isStaying).map((tag) => decide(tag, observed, context));
}

function decide(tag: MeshRevisionTag, observed: Observed, context: TagContext): TagDecision {
  const { name } = tag.metadata;
  const from = pointsTo(name, observed.owned);
  const stays = (hindrance: TagHindrance): TagDecision => ({ name, from, to: from, hindrance });
  const namesake = context.revisions.find((revision) => revision.name === name);
  if (namesake !== undefined && isOlder(namesake, tag)) {
    const detail = `metadata.name is "${name}", and so is that of an older MeshRevision: name the tag otherwise`;
    return { name, from, to: undefined, hindrance: { kind: "nameTaken", detail } };
  }
  const target = targetName(tag, observed, context);
  if (target.kind === "missing") return stays({ kind: "targetMissing", detail: target.detail });
  if (target.name === from || context.isProven(target.name))
    return { name, from, to: target.name, hindrance: undefined };
  const detail = `revision "${target.name}" does not inject yet`;
  return stays({ kind: "waits", detail });
}

type TargetName =
  | { readonly kind: "found"; readonly name: string }
  | { readonly kind: "missing"; readonly detail: string };

function targetName({ spec }: MeshRevisionTag, { install }: Observed, { revisions, active }: TagContext): TargetName {
  const { kind, name } = spec.targetRef;
  if (kind === "MeshInstall") {
    return name === install.metadata.name && active !== undefined
      ? { kind: "found", name: active }
      : missing(spec.targetRef);
  }
  return revisions.some((revision) => revision.name === name) ? { kind: "found", name } : missing(spec.targetRef);
}

function missing({ kind, name }: MeshRevisionTag["spec"]["targetRef"]): TargetName {
  return {
    kind: "missing",
    detail: `spec.targetRef names ${kind} "${name}", which is not there: create it, or name another`,
  };
}

/** The revision that a tag's webhook calls. */
function pointsTo(tag: string, owned: readonly OwnedObject[]): string | undefined {
  const webhook = owned.find(({ metadata }) => metadata.labels?.[labels.tag] === tag);
  return webhook?.metadata.labels?.[labels.revision];
}

/** A revision that is yet to be made gives way to a tag that is there. */
function isOlder({ current, name }: WantedRevision, tag: MeshRevisionTag): boolean {
  if (current === undefined) return false;
  const age = ({ creationTimestamp, uid }: { readonly creationTimestamp: string; readonly uid: string }): string =>
    `${creationTimestamp} ${uid}`;
  return name === tag.metadata.name && age(current.metadata) <= age(tag.metadata);
}

function isStaying({ metadata }: MeshRevisionTag): boolean {
  return metadata.deletionTimestamp === undefined;
}
