import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CniError } from "./cni-error.ts";
import { readRedirectRequest } from "./redirect-request.ts";

const podUid = "5c0d1f4e-2f1b-4c55-9d0c-0d1c1d2b3a4f";

for (const folder of ["/var/run/netns", "/run/netns"])
  test(`a network namespace in "${folder}" is found in the agent's /run/netns`, () =>
    assert.deepEqual(readRedirectRequest(`REDIRECT ${podUid} ${folder}/cni-5c0d.1`), {
      podUid,
      netns: "/run/netns/cni-5c0d.1",
    }));

describe("a request is refused when it", () => {
  const cases: Record<string, string> = {
    "is empty": "",
    "asks for something else": `FLUSH ${podUid} /run/netns/a`,
    "names a pod by a path": "REDIRECT ../../etc /run/netns/a",
    "names any file": `REDIRECT ${podUid} /run/netns/../../etc/passwd`,
    "names the folder above": `REDIRECT ${podUid} /run/netns/..`,
    "names the node's own network": `REDIRECT ${podUid} /proc/self/ns/net`,
    "names a process, whose id means another one to the agent": `REDIRECT ${podUid} /proc/4711/ns/net`,
    "has one word more": `REDIRECT ${podUid} /run/netns/a --mount=/proc/1/ns/mnt`,
  };
  for (const [name, line] of Object.entries(cases))
    test(name, () =>
      assert.throws(
        () => readRedirectRequest(line),
        (error) => error instanceof CniError && error.reason === "InvalidRequest",
      ),
    );
});
