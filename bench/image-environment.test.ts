import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { imageEnvironment, processEnvironment } from "./image-environment.ts";

describe("the environment of an image", () => {
  test("is what its Dockerfile sets, with and without quotes, less what the build fills in", () => {
    const dockerfile = 'FROM base\n# ENV NO=1\nENV A=1 NODE_OPTIONS="--one --two=2" VERSION=${VERSION}\nENV B=x\n';
    assert.deepEqual(imageEnvironment(dockerfile), { A: "1", NODE_OPTIONS: "--one --two=2", B: "x" });
  });

  test("of our processes has the options of Node and of malloc", () => {
    const { NODE_OPTIONS, MALLOC_ARENA_MAX } = processEnvironment();
    assert.match(NODE_OPTIONS ?? "", /^--/);
    assert.equal(MALLOC_ARENA_MAX, "1");
  });
});
