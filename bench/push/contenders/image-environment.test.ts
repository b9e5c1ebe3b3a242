import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { imageEnvironment } from "./image-environment.ts";

describe("the environment of an image", () => {
  test("is what its Dockerfile sets, with and without quotes, less what the build fills in", () => {
    const dockerfile = 'FROM base\n# ENV NO=1\nENV A=1 NODE_OPTIONS="--one --two=2" VERSION=${VERSION}\nENV B=x\n';
    assert.deepEqual(imageEnvironment(dockerfile), { A: "1", NODE_OPTIONS: "--one --two=2", B: "x" });
  });

  test("of our processes has Node's options", () => {
    const path = new URL("../../../dev/images/process.Dockerfile", import.meta.url);
    assert.match(imageEnvironment(readFileSync(path, "utf8"))["NODE_OPTIONS"] ?? "", /^--/);
  });
});
