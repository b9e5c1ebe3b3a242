import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { TypeUrl } from "@meshwright/xds-api/type-urls";

/** What an `envoy.service.discovery.v3.Resource` says of its content. */
export interface Envelope {
  readonly name: string;
  readonly version: string;
  readonly typeUrl: TypeUrl;
}

/** Numbers of the fields of `envoy.service.discovery.v3.Resource` and `google.protobuf.Any`. */
const fields = { version: 1, resource: 2, name: 3, typeUrl: 1, value: 2 } as const;

/**
 * Encodes a Resource around a message that is encoded already. A route table has half a megabyte: it is copied once here,
 * where the general encoder copies a field into its message, and that into the next.
 */
export function resourceBytes({ name, version, typeUrl }: Envelope, value: Uint8Array): Uint8Array {
  const any = new BinaryWriter()
    .tag(fields.typeUrl, WireType.LengthDelimited)
    .string(typeUrl)
    .tag(fields.value, WireType.LengthDelimited)
    .uint32(value.length)
    .finish();
  const before = new BinaryWriter()
    .tag(fields.version, WireType.LengthDelimited)
    .string(version)
    .tag(fields.resource, WireType.LengthDelimited)
    .uint32(any.length + value.length)
    .finish();
  const after = new BinaryWriter().tag(fields.name, WireType.LengthDelimited).string(name).finish();
  return concatenated([before, any, value, after]);
}

/** Joins bytes; not by Buffer, which would cut small ones out of shared memory: one that lives long would keep all of that alive. */
export function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}
