import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { certificateBlocks, pemBlocks, renderPem } from "./pem.ts";
import { PkiError } from "./pki-error.ts";

const block = renderPem("CERTIFICATE", Buffer.from("x".repeat(100)));

test("a block survives a round trip", () => {
  const [read] = pemBlocks(block);
  assert.equal(read?.label, "CERTIFICATE");
  assert.equal(read?.der.toString(), "x".repeat(100));
  assert.equal(read?.text, block);
});

test("text around blocks, blank lines and carriage returns do not matter", () => {
  const text = `# the old root\r\n${block.replaceAll("\n", "\r\n")}\n\n# the new root\n${block.trimEnd()}`;
  assert.equal(pemBlocks(text).length, 2);
});

test("text without a block holds none", () => assert.deepEqual(pemBlocks("nothing here"), []));

describe("broken PEM is refused", () => {
  const cases: Record<string, string> = {
    "a block without its end": block.replace(/-----END.*/, ""),
    "an end of another kind": block.replace("END CERTIFICATE", "END PRIVATE KEY"),
    "a body that is not base64": block.replace(/\neHh4/, "\n====eHh4"),
    "an empty body": "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
    "one whole block and half a block": `${block}-----BEGIN CERTIFICATE-----\n`,
  };
  for (const [name, text] of Object.entries(cases)) {
    test(name, () => {
      assert.throws(
        () => pemBlocks(text),
        (error) => error instanceof PkiError && error.reason === "InvalidPem",
      );
    });
  }
});

test("a key among certificates is refused, and its text not repeated", () => {
  const key = renderPem("PRIVATE KEY", Buffer.from("secret"));
  assert.throws(
    () => certificateBlocks(block + key),
    (error) => error instanceof PkiError && !error.message.includes(Buffer.from("secret").toString("base64")),
  );
});
