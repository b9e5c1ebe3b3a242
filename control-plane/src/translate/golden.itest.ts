import { globSync, readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { fromBinary } from "@bufbuild/protobuf";
import { requireAccepted } from "@meshwright/testing/ads";
import type { AdsResource } from "@meshwright/testing/ads-server";
import { KernelWithoutIpv6 } from "@meshwright/testing/kernel-without-ipv6";
import { createAuthority, createVolume } from "@meshwright/testing/volume";
import { ResourceSchema } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import type { ProxyView } from "../serve/view.ts";
import { caseView } from "./testdata/case-view.ts";
import { readCase } from "./testdata/read-case.ts";

const inputs = globSync(fileURLToPath(new URL("testdata/*/in.yaml", import.meta.url))).toSorted();
const identity = { trustDomain: "cluster.local", namespace: "shop", serviceAccount: "client" };

/** Goldens show what we say; this shows that Envoy understands it. */
describe("a real Envoy accepts every golden", { concurrency: false }, async () => {
  const kernel = new KernelWithoutIpv6();
  after(() => kernel[Symbol.dispose]());
  const authority = await createAuthority();
  for (const input of inputs) {
    test(basename(dirname(input)), async () => {
      using volume = await createVolume(authority, identity);
      const read = readCase(readFileSync(input, "utf8"));
      const view = caseView(read, authority.rootsPem).current();
      const onKernel = { ipv4: { preload: kernel.library }, dual: {} }[read.traits.ipStack];
      await requireAccepted(resourcesOf(view), volume, onKernel);
    });
  }
});

function resourcesOf(view: ProxyView): readonly AdsResource[] {
  const encoded = [...view.values()].flatMap((resources) => [...resources.values()]);
  return encoded.flatMap(({ name, bytes }) => {
    const { resource } = fromBinary(ResourceSchema, bytes);
    return resource === undefined ? [] : [{ name, body: resource }];
  });
}
