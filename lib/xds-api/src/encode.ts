import { clone, type DescField, type DescMessage, type MessageShape, toBinary } from "@bufbuild/protobuf";
import { isReflectMessage, type ReflectMap, type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";

/**
 * Encodes a message so that equal messages give equal bytes: entries of maps are written in the order of their keys.
 * Protobuf itself promises no order, and versions of resources are hashes of these bytes.
 */
export function encode<Desc extends DescMessage>(schema: Desc, message: MessageShape<Desc>): Uint8Array<ArrayBuffer> {
  if (isCanonical(reflect(schema, message))) return toBinary(schema, message);
  const copy = clone(schema, message);
  canonicalize(reflect(schema, copy));
  return toBinary(schema, copy);
}

function isCanonical(message: ReflectMessage): boolean {
  return fieldsWithMaps(message.desc).every((field) => {
    if (!message.isSet(field)) return true;
    switch (field.fieldKind) {
      case "message":
        return isCanonical(message.get(field));
      case "list":
        return field.listKind !== "message" || messagesOf(message.get(field)).every(isCanonical);
      case "map":
        return isSorted(message.get(field)) && messagesOf(message.get(field).values()).every(isCanonical);
      case "scalar":
      case "enum":
        return true;
    }
  });
}

/**
 * Fields that are maps, or whose messages may hold one, by type of message: what follows from a type is worked out once, since
 * most of a message is in fields that hold none.
 */
const knownFieldsWithMaps = new WeakMap<DescMessage, readonly DescField[]>();

function fieldsWithMaps(type: DescMessage): readonly DescField[] {
  const known = knownFieldsWithMaps.get(type);
  if (known !== undefined) return known;
  const fields = type.fields.filter((field) => mayHoldMap(field, new Set()));
  knownFieldsWithMaps.set(type, fields);
  return fields;
}

function mayHoldMap(field: DescField, seen: Set<DescMessage>): boolean {
  if (field.fieldKind === "map") return true;
  const { message } = field;
  if (message === undefined || seen.has(message)) return false;
  seen.add(message);
  return message.fields.some((inner) => mayHoldMap(inner, seen));
}

function isSorted(map: ReflectMap): boolean {
  const keys = [...map.keys()];
  return keys.every((key, index) => index === 0 || compareKeys(keys[index - 1], key) < 0);
}

/** Sorts the maps of a message and of all it holds, in place: only ever called on a copy. */
function canonicalize(message: ReflectMessage): void {
  for (const field of message.fields) {
    if (!message.isSet(field)) continue;
    if (field.fieldKind === "message") message.set(field, canonical(message.get(field)));
    if (field.fieldKind === "list" && field.listKind === "message") {
      const list = message.get(field);
      [...list].forEach((item, index) => list.set(index, canonicalItem(item)));
    }
    if (field.fieldKind === "map") sortEntries(message.get(field));
  }
}

function canonical(message: ReflectMessage): ReflectMessage {
  canonicalize(message);
  return message;
}

function canonicalItem<Item>(item: Item): Item | ReflectMessage {
  return isReflectMessage(item) ? canonical(item) : item;
}

function sortEntries(map: ReflectMap): void {
  const entries = [...map].toSorted(([a], [b]) => compareKeys(a, b));
  map.clear();
  for (const [key, value] of entries) map.set(key, canonicalItem(value));
}

/** Keys that look like integers come first, ascending: JavaScript keeps them so in an object, whatever the insertion. */
function compareKeys(a: unknown, b: unknown): number {
  const [left, right] = [String(a), String(b)];
  const [leftIndex, rightIndex] = [arrayIndex(left), arrayIndex(right)];
  if (leftIndex !== undefined && rightIndex !== undefined) return leftIndex - rightIndex;
  if (leftIndex !== undefined) return -1;
  if (rightIndex !== undefined) return 1;
  return left < right ? -1 : left > right ? 1 : 0;
}

function arrayIndex(key: string): number | undefined {
  const index = Number(key);
  return Number.isInteger(index) && index >= 0 && index < 2 ** 32 - 1 && String(index) === key ? index : undefined;
}

function messagesOf(values: Iterable<unknown>): ReflectMessage[] {
  return [...values].filter((value) => isReflectMessage(value));
}
