import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { readNameservers } from "./nameservers.ts";

const folder = mkdtempSync(join(tmpdir(), "nameservers-"));
after(() => rmSync(folder, { recursive: true }));

describe("the node's nameservers are", () => {
  const cases: Record<string, { text: string; nameservers: readonly string[] }> = {
    "those of the agent's own pod": {
      text: "search mesh.svc.cluster.local\nnameserver 198.19.0.10\noptions ndots:5\n",
      nameservers: ["198.19.0.10"],
    },
    "of both families": {
      text: "nameserver 198.19.0.10\nnameserver\t2001:db8::10 \n",
      nameservers: ["198.19.0.10", "2001:db8::10"],
    },
    "not those that only the agent reaches": {
      text: "nameserver 127.0.0.53\nnameserver ::1\nnameserver fe80::1%eth0\n",
      nameservers: [],
    },
    "not what is no address": { text: "# nameserver 198.19.0.9\nnameserver kube-dns\n nameserver\n", nameservers: [] },
    "as many as a resolver asks": {
      text: [1, 2, 3, 4].map((last) => `nameserver 198.19.0.${last}\n`).join(""),
      nameservers: ["198.19.0.1", "198.19.0.2", "198.19.0.3"],
    },
  };
  for (const [name, { text, nameservers }] of Object.entries(cases))
    test(name, async () => {
      const file = join(folder, "resolv.conf");
      writeFileSync(file, text);
      assert.deepEqual(await readNameservers("dual", file), nameservers);
    });

  test("not those on IPv6 where the kernel has none", async () => {
    const file = join(folder, "both");
    writeFileSync(file, "nameserver 2001:db8::10\nnameserver 198.19.0.10\n");
    assert.deepEqual(await readNameservers("ipv4", file), ["198.19.0.10"]);
  });

  test("none without the file", async () => {
    assert.deepEqual(await readNameservers("dual", join(folder, "missing")), []);
  });
});
