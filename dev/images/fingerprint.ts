import { createHash } from "node:crypto";
import { globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ImageSource } from "./buildah.ts";

/** Returns a digest of everything that decides an image's content: equal digests, equal images. */
export function fingerprint(source: ImageSource): string {
  const hash = createHash("sha256");
  const add = (text: string | Buffer): void => void hash.update(text).update("\0");
  add(source.name);
  add(readFileSync(source.dockerfile));
  add(JSON.stringify(source.args, Object.keys(source.args).toSorted()));
  for (const file of globSync("**", { cwd: source.context }).toSorted()) {
    const path = join(source.context, file);
    if (!statSync(path).isFile()) continue;
    add(file);
    add(readFileSync(path));
  }
  return hash.digest("hex").slice(0, 16);
}
