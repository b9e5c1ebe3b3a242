import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { run } from "../command/run.ts";
import { addImage, inLayout, pruneLayout, writeArchive } from "./layout.ts";

let layout = "";
beforeEach(async () => {
  layout = await mkdtemp(join(tmpdir(), "meshwright-layout-"));
  await mkdir(join(layout, "blobs", "sha256"), { recursive: true });
  await writeFile(join(layout, "oci-layout"), "{}");
  const manifests = [await image("web:1", ["base", "web"]), await image("db:1", ["base", "db"])];
  await writeFile(join(layout, "index.json"), JSON.stringify({ manifests }));
});
afterEach(() => rm(layout, { recursive: true }));

/** Writes an image of these layers; blobs are named by plain words, for the reader. */
async function image(name: string, layers: readonly string[]): Promise<object> {
  const blob = name.replace(":1", "-manifest");
  const config = name.replace(":1", "-config");
  const manifest = {
    config: { digest: `sha256:${config}` },
    layers: layers.map((layer) => ({ digest: `sha256:${layer}` })),
  };
  for (const file of [config, ...layers]) await writeFile(join(layout, "blobs", "sha256", file), "");
  await writeFile(join(layout, "blobs", "sha256", blob), JSON.stringify(manifest));
  return { digest: `sha256:${blob}`, annotations: { "org.opencontainers.image.ref.name": name } };
}

test("an archive holds the images asked for, and a layer that they share once", async () => {
  const archive = join(layout, "all.tar");
  await writeArchive(layout, ["web:1", "db:1"], archive);
  const files = (await run("tar", ["-tf", archive])).split("\n");
  assert.equal(files.filter((file) => file === "blobs/sha256/base").length, 1);
  assert.ok(files.includes("blobs/sha256/db"));
});

test("an archive of one image holds nothing of another, and names it as containerd wants it", async () => {
  const archive = join(layout, "web.tar");
  await writeArchive(layout, ["web:1"], archive);
  const files = (await run("tar", ["-tf", archive])).split("\n");
  assert.ok(files.includes("blobs/sha256/web"));
  assert.ok(!files.includes("blobs/sha256/db"));
  assert.match(await run("tar", ["-xOf", archive, "index.json"]), /"io\.containerd\.image\.name":"web:1"/);
});

test("an added image takes the place of the one of its name", async () => {
  const dir = join(layout, "draft");
  const layer = "a".repeat(64);
  const config = "b".repeat(64);
  await mkdir(dir);
  const manifest = { config: { digest: `sha256:${config}` }, layers: [{ digest: `sha256:${layer}` }] };
  await writeFile(join(dir, "manifest.json"), JSON.stringify(manifest));
  for (const file of [config, layer]) await writeFile(join(dir, file), "");
  await addImage(layout, "web:1", dir);
  await pruneLayout(layout);
  const left = await readdir(join(layout, "blobs", "sha256"));
  assert.ok(left.includes(layer) && left.includes("db"));
  assert.ok(!left.includes("web"));
  assert.ok(inLayout(layout, "web:1"));
});

test("layers that no image has any more are removed", async () => {
  await writeFile(join(layout, "blobs", "sha256", "old"), "");
  await pruneLayout(layout);
  const left = await readdir(join(layout, "blobs", "sha256"));
  assert.deepEqual(left.toSorted(), ["base", "db", "db-config", "db-manifest", "web", "web-config", "web-manifest"]);
});

test("an image is in the layout under its own name", () => {
  assert.ok(inLayout(layout, "web:1"));
  assert.ok(!inLayout(layout, "web:2"));
});
