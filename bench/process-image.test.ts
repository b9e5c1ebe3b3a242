import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { imageProcess } from "./process-image.ts";

const entrypoint = 'ENTRYPOINT ["node", "--three", "--four=4", "/app/main.mjs"]\n';

describe("how an image starts its process", () => {
  test("is what its Dockerfile sets, with and without quotes, less what the build fills in", () => {
    const dockerfile = `FROM base\n# ENV NO=1\nENV A=1 NODE_OPTIONS="--one --two=2" VERSION=\${VERSION}\nENV B=x\n${entrypoint}`;
    const { environment, nodeOptions } = imageProcess(dockerfile);
    assert.deepEqual(environment, { A: "1", NODE_OPTIONS: "--one --two=2", B: "x" });
    assert.deepEqual(nodeOptions, ["--three", "--four=4"]);
  });

  test("is with the options of Node and of malloc for our processes", () => {
    const { environment, nodeOptions } = imageProcess();
    assert.match(environment["NODE_OPTIONS"] ?? "", /^--/);
    assert.equal(environment["MALLOC_ARENA_MAX"], "1");
    for (const option of nodeOptions) assert.match(option, /^--/);
  });

  test("is not known without an entry point that starts Node", () => {
    for (const dockerfile of ["FROM base\n", 'ENTRYPOINT ["envoy"]\n'])
      assert.throws(() => imageProcess(dockerfile), /cannot tell how the image starts Node/);
  });
});
