import assert from "node:assert/strict";
import { BlockList, isIPv6 } from "node:net";
import { describe, test } from "node:test";
import fc from "fast-check";
import { type AddressBlock, addressBlocks } from "./address-blocks.ts";

const byte = fc.nat({ max: 3 });
const ipv4 = fc.tuple(byte, fc.nat({ max: 70 })).map(([third, last]) => `10.0.${third}.${last}`);
const ipv6 = fc
  .tuple(fc.constantFrom("fd00::", "fd00:0:0:1::", "fd00:1:2:3:4:5:6:", "::"), fc.nat({ max: 70 }))
  .map(([prefix, last]) => `${prefix}${last.toString(16)}`);
const addresses = fc.uniqueArray(fc.oneof(ipv4, ipv6), { maxLength: 150 });

const typeOf = (address: string) => (isIPv6(address) ? "ipv6" : "ipv4");

function holds(blocks: readonly AddressBlock[]): (address: string) => boolean {
  const list = new BlockList();
  for (const { prefix, length } of blocks) list.addSubnet(prefix, length, typeOf(prefix));
  return (address) => list.check(address, typeOf(address));
}

const sizeOf = ({ prefix, length }: AddressBlock): number => 2 ** ((isIPv6(prefix) ? 128 : 32) - length);

describe("blocks of addresses", () => {
  test("hold all of the addresses and no other", () => {
    fc.assert(
      fc.property(addresses, (all) => {
        const blocks = addressBlocks(all);
        assert.ok(all.every(holds(blocks)));
        // As many as there are: were one held twice or another held too, it would be more.
        assert.equal(
          blocks.reduce((sum, block) => sum + sizeOf(block), 0),
          all.length,
        );
      }),
    );
  });

  test("are the same whatever the order of the addresses", () => {
    fc.assert(fc.property(addresses, (all) => assert.deepEqual(addressBlocks(all.toReversed()), addressBlocks(all))));
  });

  test("are as few as there can be", () => {
    const all = Array.from({ length: 254 }, (_, index) => `198.18.0.${index + 1}`);
    assert.equal(addressBlocks(all).length, 14);
    assert.deepEqual(addressBlocks(["198.18.0.255", ...all, "198.18.0.0"]), [{ prefix: "198.18.0.0", length: 24 }]);
    assert.deepEqual(addressBlocks(["198.18.0.1", "198.18.0.2"]), [
      { prefix: "198.18.0.1", length: 32 },
      { prefix: "198.18.0.2", length: 32 },
    ]);
    assert.deepEqual(addressBlocks(["fd00::1", "fd00::", "255.255.255.255", "255.255.255.254"]), [
      { prefix: "255.255.255.254", length: 31 },
      { prefix: "fd00::", length: 127 },
    ]);
    assert.deepEqual(addressBlocks(["::ffff:10.0.0.2", "::ffff:a00:3"]), [{ prefix: "::ffff:10.0.0.2", length: 127 }]);
    assert.deepEqual(addressBlocks([]), []);
  });
});
