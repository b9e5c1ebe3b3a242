import { z } from "zod";

/**
 * The objects of kuttl's API group that our suites may use. Unknown fields are errors, where kuttl itself drops them:
 * a misspelt field is an assertion that silently does not hold.
 * Source: https://kuttl.dev/docs/testing/reference.html
 */
export const kuttlApiVersion = "kuttl.dev/v1beta1";

const head = {
  apiVersion: z.literal(kuttlApiVersion),
  metadata: z.strictObject({ name: z.string().min(1).exactOptional() }).exactOptional(),
};
const names = z.array(z.string().min(1)).default([]);

const commandFields = {
  command: z.string().min(1).exactOptional(),
  script: z.string().min(1).exactOptional(),
  namespaced: z.boolean().default(false),
  skipLogOutput: z.boolean().default(false),
};
const command = z
  .strictObject({
    ...commandFields,
    ignoreFailure: z.boolean().default(false),
    /** Seconds; 0: the suite's timeout; negative: none. */
    timeout: z.int().default(0),
  })
  .check(oneOfCommandAndScript);
const assertCommand = z.strictObject(commandFields).check(oneOfCommandAndScript);

const collector = z.strictObject({
  type: z.enum(["pod", "command", "events"]).exactOptional(),
  pod: z.string().exactOptional(),
  namespace: z.string().exactOptional(),
  container: z.string().exactOptional(),
  selector: z.string().exactOptional(),
  tail: z.int().exactOptional(),
  command: z.string().exactOptional(),
});

const objectReference = z.strictObject({
  apiVersion: z.string().min(1),
  kind: z.string().min(1),
  name: z.string().exactOptional(),
  namespace: z.string().exactOptional(),
  labels: z.record(z.string(), z.string()).exactOptional(),
});

export const testSuite = z.strictObject({
  ...head,
  kind: z.literal("TestSuite"),
  testDirs: z.array(z.string().min(1)).min(1),
  manifestDirs: names,
  commands: z.array(command).default([]),
  /** Seconds that a step's assertions and commands may take. */
  timeout: z.int().positive().default(30),
  parallel: z.int().positive().default(8),
  namespace: z.string().exactOptional(),
  skipDelete: z.boolean().default(false),
  suppress: names,
});

export const testStep = z.strictObject({
  ...head,
  kind: z.literal("TestStep"),
  apply: names,
  assert: names,
  error: names,
  delete: z.array(objectReference).default([]),
  commands: z.array(command).default([]),
  unitTest: z.boolean().default(false),
});

export const testAssert = z.strictObject({
  ...head,
  kind: z.literal("TestAssert"),
  /** Seconds; 0: the suite's timeout. */
  timeout: z.int().min(0).default(0),
  collectors: z.array(collector).default([]),
  commands: z.array(assertCommand).default([]),
});

export type TestSuite = Readonly<z.infer<typeof testSuite>>;
export type TestStep = Readonly<z.infer<typeof testStep>>;
export type TestAssert = Readonly<z.infer<typeof testAssert>>;
export type Collector = Readonly<z.infer<typeof collector>>;
export type ObjectReference = Readonly<z.infer<typeof objectReference>>;

/** What `command` and `script` mean together: kuttl refuses both and neither, and `namespaced` with a script. */
function oneOfCommandAndScript(
  payload: z.core.ParsePayload<{ command?: string; script?: string; namespaced: boolean }>,
): void {
  const { command: line, script, namespaced } = payload.value;
  const report = (message: string): void => void payload.issues.push({ code: "custom", message, input: payload.value });
  if ((line === undefined) === (script === undefined)) report("set exactly one of command and script");
  if (script !== undefined && namespaced) report("a script cannot be namespaced: use $NAMESPACE in it");
}
