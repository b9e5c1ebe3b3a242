/** Addresses with the same first bits. Source: RFC 4632 (IPv4), RFC 4291 section 2.3 (IPv6) */
export interface AddressBlock {
  /** Its lowest address. */
  readonly prefix: string;
  /** In bits. */
  readonly length: number;
}

interface Member {
  readonly address: string;
  /** The last 32 bits. */
  readonly low: number;
}

const lowBits = 32;
/** Code of the digit; that of the dot is below. */
const zero = 0x30;

/**
 * Covers addresses, and none besides, with as few blocks as there can be, the same whatever the order. The pods of a node
 * mostly have addresses one after the other: a hundred of them are some ten blocks.
 *
 * @param addresses IPv4 and IPv6 addresses, none twice
 */
export function addressBlocks(addresses: readonly string[]): readonly AddressBlock[] {
  const networks = Map.groupBy(addresses, networkOf);
  return [...networks.keys()].toSorted().flatMap((network) => {
    const members = (networks.get(network) ?? []).map((address) => ({ address, low: lowOf(address) }));
    return blocksOf(members, network === "" ? 0 : 128 - lowBits);
  });
}

/** @param above bits of an address that stand above the last 32 */
function blocksOf(members: readonly Member[], above: number): readonly AddressBlock[] {
  const sorted = members.toSorted((a, b) => a.low - b.low);
  const blocks: AddressBlock[] = [];
  for (let index = 0; index < sorted.length; ) {
    const size = sizeAt(sorted, index);
    blocks.push({ prefix: sorted[index]?.address ?? "", length: above + lowBits - Math.log2(size) });
    index += size;
  }
  return blocks;
}

/** Of the largest block that begins with a member and has no other addresses than members. */
function sizeAt(sorted: readonly Member[], index: number): number {
  const low = sorted[index]?.low ?? 0;
  let size = 1;
  while (low % (2 * size) === 0 && sorted[index + 2 * size - 1]?.low === low + 2 * size - 1) size *= 2;
  return size;
}

/** What stands above the last 32 bits; nothing in an IPv4 address. */
function networkOf(address: string): string {
  return address.includes(":") ? groupsOf(address).slice(0, 6).join(":") : "";
}

function lowOf(address: string): number {
  if (!address.includes(":")) return ipv4Of(address);
  const [high = 0, low = 0] = groupsOf(address).slice(6);
  return high * 65_536 + low;
}

function ipv4Of(address: string): number {
  let [value, byte] = [0, 0];
  for (let index = 0; index < address.length; index++) {
    const digit = address.charCodeAt(index) - zero;
    if (digit >= 0) byte = byte * 10 + digit;
    else [value, byte] = [value * 256 + byte, 0];
  }
  return value * 256 + byte;
}

/** The eight groups of 16 bits. Source: RFC 4291 section 2.2 */
function groupsOf(address: string): readonly number[] {
  const [before = "", after] = withoutDots(address).split("::");
  const [left, right] = [before, after ?? ""].map((part) => (part === "" ? [] : part.split(":")));
  const given = [...(left ?? []), ...(right ?? [])];
  const zeros = Array.from({ length: 8 - given.length }, () => "0");
  return [...(left ?? []), ...zeros, ...(right ?? [])].map((group) => Number.parseInt(group, 16));
}

/** An IPv4 address may stand at the end of an IPv6 address. */
function withoutDots(address: string): string {
  if (!address.includes(".")) return address;
  const start = address.lastIndexOf(":") + 1;
  const low = lowOf(address.slice(start));
  return `${address.slice(0, start)}${(low >>> 16).toString(16)}:${(low & 0xffff).toString(16)}`;
}
