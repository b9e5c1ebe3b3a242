import type { TypeUrl } from "@meshwright/xds-api/type-urls";
import type { Batch, Room } from "./batch.ts";
import type { OutgoingMessage } from "./message-writer.ts";
import type { Answer, Subscription } from "./subscription.ts";
import type { ProxyView } from "./view.ts";

/** What is sent next to one client. */
export type Next =
  | { readonly kind: "response"; readonly response: Response }
  /** Something is due and larger than what may be sent now. */
  | { readonly kind: "heldBack" }
  | { readonly kind: "nothing" };

/** A response of either variant of the protocol. */
export interface Response extends Batch {
  readonly type: TypeUrl;
  readonly nonce: string;
  /** Encodes it; the bytes of its resources are copied as they are. */
  encode(): OutgoingMessage;
}

/**
 * One stream's side of the discovery protocol, without I/O and clock: it is fed requests and views, and gives responses
 * as fast as the connection takes them. The two variants of the protocol differ here and nowhere else.
 */
export interface Conversation<Request> {
  /** Takes a request; undefined when it answers no response. */
  request(request: Request): Answer | undefined;
  /** Takes the newest view. */
  offer(view: ProxyView): void;
  /** Takes the response to send next; the room is for each response. */
  next(room: Room): Next;
  /** Whether it is worth asking for the next response; most often it is not. */
  readonly mayHaveNext: boolean;
  /** Whether listeners and routes wait for new clusters. */
  readonly isWarming: boolean;
  /** Stops waiting for new clusters. */
  giveUpWarming(): void;
  /** What the client was sent and acknowledged, by type. */
  readonly subscriptions: ReadonlyMap<TypeUrl, Subscription>;
}
