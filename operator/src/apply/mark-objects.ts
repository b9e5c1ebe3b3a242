import type { FleetObject } from "@meshwright/contract/fleet";
import type { KubeClient } from "@meshwright/kube/client";
import type { EventRecorder } from "@meshwright/kube/event-recorder";
import { isKubeError } from "@meshwright/kube/kube-error";
import { peerAuthentications, services, typed } from "@meshwright/kube/resource-types";
import { apiVersionOf, type KubeObject, type ObjectKey, type ResourceType } from "@meshwright/kube/types";
import type { Logger } from "@meshwright/log/logger";
import { markReasons, type ObjectMark, objectKey, rejectedCondition } from "../status/object-marks.ts";

interface Marked extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

export interface MarkerOptions {
  readonly client: KubeClient;
  readonly events: EventRecorder;
  readonly logger: Logger;
  readonly now: () => Date;
}

/** Owner of the condition: apart from what the operator owns of other objects. */
const fieldManager = "meshwright-fleet";

/** Kinds that have a place for conditions. Of others an Event tells, and the MeshInstall names them. */
const types: readonly ResourceType<Marked>[] = [typed<Marked>(services), typed<Marked>(peerAuthentications)];

/**
 * Says on objects themselves that proxies reject what was made of them, by a condition and an Event, and takes that back.
 * Writes only what has changed; what another operator wrote before is found by reading all objects once.
 */
export class ObjectMarker {
  readonly #options: MarkerOptions;
  /** Message of each object that is marked, by key. */
  #marked: Map<string, ObjectMark> | undefined;

  constructor(options: MarkerOptions) {
    this.#options = options;
  }

  /**
   * Brings the objects to what is wanted.
   *
   * @param isComplete whether nothing else is rejected; else marks stay, for a silent replica's proxies may still reject
   *
   * Errors: rejects with KubeError when the objects cannot be read; what cannot be written is logged and tried again by
   * the next call.
   */
  async update(wanted: ReadonlyMap<string, ObjectMark>, isComplete: boolean, signal: AbortSignal): Promise<void> {
    this.#marked ??= await this.#findMarked(signal);
    for (const [key, mark] of wanted)
      if (this.#marked.get(key)?.message !== mark.message) await this.#try(mark.object, () => this.#mark(mark, signal));
    if (!isComplete) return;
    for (const [key, { object }] of this.#marked)
      if (!wanted.has(key)) await this.#try(object, () => this.#clear(object, signal));
  }

  async #try(object: FleetObject, write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      if (isKubeError(error, "Aborted")) throw error;
      this.#options.logger.warn({ object: objectKey(object), error }, "cannot mark an object that proxies reject");
    }
  }

  async #mark(mark: ObjectMark, signal: AbortSignal): Promise<void> {
    const { events, logger } = this.#options;
    const found = await this.#read(mark.object, signal);
    // It is gone: the proxies will say so next.
    if (found === undefined) return;
    await this.#write(found, [this.#condition(found, mark.message)], signal);
    this.#marked?.set(objectKey(mark.object), mark);
    logger.warn({ object: objectKey(mark.object), detail: mark.message }, "proxies reject what an object asks for");
    const { rejected: reason } = markReasons;
    events.record({ regarding: found, type: "Warning", reason, action: "Serve", note: mark.message });
  }

  async #clear(object: FleetObject, signal: AbortSignal): Promise<void> {
    const { events, logger } = this.#options;
    const found = await this.#read(object, signal);
    if (found !== undefined) await this.#write(found, [], signal);
    this.#marked?.delete(objectKey(object));
    if (found === undefined) return;
    logger.info({ object: objectKey(object) }, "proxies accept what an object asks for");
    const note = "proxies no longer reject what was made of it";
    events.record({ regarding: found, type: "Normal", reason: markReasons.accepted, action: "Serve", note });
  }

  #condition(found: Marked, message: string): Condition {
    const before = conditionOf(found);
    const lastTransitionTime = before?.lastTransitionTime ?? `${this.#options.now().toISOString().slice(0, 19)}Z`;
    return { type: rejectedCondition, status: "True", reason: markReasons.rejected, message, lastTransitionTime };
  }

  /** Applying without the condition takes it away: nobody else owns it. */
  async #write(found: Marked, conditions: readonly Condition[], signal: AbortSignal): Promise<void> {
    const { apiVersion, kind, metadata } = found;
    const type = typeOf(found);
    if (type === undefined) return;
    const { name, namespace, uid } = metadata;
    const key = { name, ...(namespace === undefined ? {} : { namespace }), ...(uid === undefined ? {} : { uid }) };
    const body = { apiVersion, kind, metadata: key, status: { conditions } };
    const options = { fieldManager, force: true, subresource: "status", signal } as const;
    await this.#options.client.apply(type, body, options);
  }

  async #read(object: FleetObject, signal: AbortSignal): Promise<Marked | undefined> {
    const type = typeOf(object);
    // Of other kinds the Event names the object; whether it still exists nobody needs to know.
    if (type === undefined) return { apiVersion: object.apiVersion, kind: object.kind, metadata: keyOf(object) };
    return this.#options.client.get(type, keyOf(object), { signal });
  }

  async #findMarked(signal: AbortSignal): Promise<Map<string, ObjectMark>> {
    const lists = await Promise.all(types.map((type) => this.#list(type, signal)));
    return new Map(lists.flat());
  }

  /** A cluster may be without the definition of a kind. */
  async #list(type: ResourceType<Marked>, signal: AbortSignal) {
    try {
      const { items } = await this.#options.client.list(type, { signal });
      return items.flatMap(markOf);
    } catch (error) {
      if (isKubeError(error, "NotFound")) return [];
      throw error;
    }
  }
}

function markOf(found: Marked): readonly (readonly [string, ObjectMark])[] {
  const condition = conditionOf(found);
  if (condition === undefined) return [];
  const { apiVersion, kind, metadata } = found;
  const object = { apiVersion, kind, ...keyOf(metadata) };
  return [[objectKey(object), { object, message: condition.message ?? "" }]];
}

function conditionOf({ status }: Marked): Condition | undefined {
  return status?.conditions?.find(({ type }) => type === rejectedCondition);
}

function keyOf({ name, namespace }: ObjectKey): ObjectKey {
  return namespace === undefined ? { name } : { name, namespace };
}

function typeOf({ apiVersion, kind }: Pick<KubeObject, "apiVersion" | "kind">): ResourceType<Marked> | undefined {
  return types.find((type) => kind === type.kind && apiVersion === apiVersionOf(type));
}
