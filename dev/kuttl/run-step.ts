import { whyNotAbsent, whyNotPresent } from "./check-objects.ts";
import type { Cluster, Located } from "./cluster.ts";
import { collectorCommand } from "./command-line.ts";
import { KuttlError } from "./kuttl-error.ts";
import type { Step } from "./load-case.ts";
import { describeManifest } from "./manifest.ts";
import { pollUntil } from "./poll.ts";
import { type CommandContext, runCommand } from "./run-command.ts";
import type { ObjectReference } from "./test-types.ts";

/** What the steps of a test share. */
export interface StepContext extends CommandContext {
  readonly cluster: Cluster;
  /** Takes note of an object that the step created, which the end of the test deletes. */
  readonly onCreated: (object: Located) => void;
}

/** Between two looks at the cluster, as in kuttl. */
const intervalMs = 1000;

/**
 * Runs one step in kuttl's order: delete, commands, apply, then checks until all hold or the time is over.
 *
 * Errors: KuttlError naming what does not hold; the step's collectors have then run.
 */
export async function runStep(step: Step, context: StepContext): Promise<void> {
  await deleteReferences(step, context);
  for (const command of step.settings.commands) {
    const timeoutSeconds = command.timeout === 0 ? context.timeoutSeconds : Math.max(0, command.timeout);
    const log = command.skipLogOutput ? () => undefined : context.log;
    await runCommand(command, { ...context, timeoutSeconds, log }).catch((error: unknown) => {
      if (!command.ignoreFailure) throw error;
    });
  }
  for (const manifest of step.apply) {
    const applied = await context.cluster.apply(manifest, context.namespace);
    context.log(`${describeManifest(manifest)} ${applied.outcome}`);
    if (applied.outcome === "created") context.onCreated(applied);
  }
  await checkUntilHolds(step, context);
}

async function checkUntilHolds(step: Step, context: StepContext): Promise<void> {
  const deadline = Date.now() + stepSeconds(step, context) * 1000;
  let failures: readonly string[] = [];
  let earlier: readonly string[] = [];
  await pollUntil(deadline, intervalMs, async () => {
    earlier = failures;
    failures = await check(step, context, deadline);
    return failures.length === 0 ? true : undefined;
  });
  if (failures.length === 0) return;
  await collect(step, context);
  // The last look is often cut short by the deadline; the one before says what was wrong.
  throw new KuttlError("AssertionFailed", [...new Set([...earlier, ...failures])].join("\n"));
}

async function check(step: Step, context: StepContext, deadline: number): Promise<readonly string[]> {
  const { cluster, namespace } = context;
  const missing = await Promise.all(step.asserts.map((manifest) => whyNotPresent(cluster, manifest, namespace)));
  const failed = await checkCommands(step, context, deadline);
  const unwanted = await Promise.all(step.errors.map((manifest) => whyNotAbsent(cluster, manifest, namespace)));
  return [...missing, failed, ...unwanted].filter((failure) => failure !== undefined);
}

/** The first command that fails; those after it are left out, as in kuttl. */
async function checkCommands(step: Step, context: StepContext, deadline: number): Promise<string | undefined> {
  for (const command of step.assert.commands) {
    const timeoutSeconds = Math.max(1, Math.ceil((deadline - Date.now()) / 1000));
    const lines: string[] = [];
    try {
      await runCommand(command, { ...context, timeoutSeconds, log: (line) => lines.push(line) });
    } catch (error) {
      if (!(error instanceof KuttlError)) throw error;
      return [error.message, ...lines.slice(-20)].join("\n    ");
    }
    if (!command.skipLogOutput) for (const line of lines) context.log(line);
  }
  return undefined;
}

async function collect(step: Step, context: StepContext): Promise<void> {
  for (const collector of step.assert.collectors) {
    const command = collectorCommand(collector);
    context.log(`collecting: ${command.command}`);
    await runCommand(command, context).catch((error: unknown) => context.log(String(error)));
  }
}

async function deleteReferences(step: Step, context: StepContext): Promise<void> {
  const deadline = Date.now() + stepSeconds(step, context) * 1000;
  const found = await Promise.all(step.settings.delete.map((reference) => locate(reference, context)));
  for (const object of found.flat()) await context.cluster.remove(object);
  for (const object of found.flat()) await waitGone(object, context.cluster, deadline);
}

async function locate(reference: ObjectReference, { cluster, namespace }: StepContext): Promise<readonly Located[]> {
  const { apiVersion, kind, ...metadata } = reference;
  return cluster.locate({ apiVersion, kind, metadata }, namespace);
}

/** Waits until an object is gone. Errors: KuttlError `TimedOut`, naming it. */
export async function waitGone(object: Located, cluster: Cluster, deadline: number): Promise<void> {
  const gone = await pollUntil(deadline, intervalMs, async () => (await cluster.isGone(object)) || undefined);
  if (gone !== undefined) return;
  const { name, namespace } = object.key;
  const key = namespace === undefined ? name : `${namespace}/${name}`;
  throw new KuttlError("TimedOut", `cannot delete ${object.type.kind} "${key}": it is still there`);
}

function stepSeconds(step: Step, { timeoutSeconds }: StepContext): number {
  return step.assert.timeout === 0 ? timeoutSeconds : step.assert.timeout;
}
