export type CollectionErrorReason =
  /** A transform threw: what it had made of that key before stays, everything else went on. */
  | "TransformFailed"
  /** A transform fetched from a collection that was made after its own: the two could wait for each other. */
  | "FetchedAhead"
  /** Two collections of different graphs were put together: no batch spans both. */
  | "OtherGraph"
  /** A transform, or what it called, wrote to a source. */
  | "WriteInTransform";

/** What goes wrong with collections: always a mistake of whoever wires them, never of their content. */
export class CollectionError extends Error {
  override readonly name = "CollectionError";
  readonly reason: CollectionErrorReason;

  constructor(reason: CollectionErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
