import { randomBytes } from "node:crypto";
import type { Cluster, Located } from "./cluster.ts";
import { KuttlError } from "./kuttl-error.ts";
import type { TestCase } from "./load-case.ts";
import type { TestLog } from "./log.ts";
import type { Manifest } from "./manifest.ts";
import { runCommand } from "./run-command.ts";
import { runStep, waitGone } from "./run-step.ts";
import type { TestSuite } from "./test-types.ts";

export interface CaseContext {
  readonly settings: TestSuite;
  readonly cluster: Cluster;
  readonly kubeconfig: string;
  readonly log: TestLog;
}

/**
 * Runs a test in a namespace of its own and deletes what it made, in reverse order, whether or not it passed.
 * Returns what failed; empty when it passed.
 */
export async function runCase(test: TestCase, context: CaseContext): Promise<readonly string[]> {
  const { settings, cluster, log } = context;
  const namespace = settings.namespace ?? `kuttl-test-${randomBytes(4).toString("hex")}`;
  const made = await cluster.apply(namespaceManifest(namespace), "");
  const created: Located[] = made.outcome === "created" ? [made] : [];
  log.line(`namespace ${namespace}`);
  const failures = await runSteps(test, context, namespace, (object) => created.push(object));
  if (failures.length > 0) await diagnose(test, context, namespace);
  if (settings.skipDelete) return failures;
  const leftovers = await cleanUp(created.toReversed(), context);
  return [...failures, ...leftovers];
}

async function runSteps(
  test: TestCase,
  { settings, cluster, kubeconfig, log }: CaseContext,
  namespace: string,
  onCreated: (object: Located) => void,
): Promise<readonly string[]> {
  for (const step of test.steps) {
    const name = `step ${step.index}-${step.name}`;
    log.line(name);
    const context = {
      dir: test.dir,
      namespace,
      kubeconfig,
      timeoutSeconds: settings.timeout,
      cluster,
      onCreated,
      log: (line: string) => log.line(`  ${line}`),
    };
    try {
      await runStep(step, context);
    } catch (error) {
      log.line(`${name} FAILED\n${message(error)}`);
      return [`${name}: ${message(error)}`];
    }
  }
  return [];
}

/** Shows what a person would look at first. */
async function diagnose(test: TestCase, { kubeconfig, log }: CaseContext, namespace: string): Promise<void> {
  const context = {
    dir: test.dir,
    namespace,
    kubeconfig,
    timeoutSeconds: 20,
    log: (line: string) => log.line(`  ${line}`),
  };
  const questions = [
    "kubectl get pods --all-namespaces -o wide",
    "kubectl get events -n $NAMESPACE --sort-by=.lastTimestamp",
    "kubectl get meshinstalls -o wide",
  ];
  for (const command of questions) {
    log.line(command);
    await runCommand({ command, namespaced: false }, context).catch((error: unknown) => log.line(message(error)));
  }
}

async function cleanUp(created: readonly Located[], { settings, cluster }: CaseContext): Promise<readonly string[]> {
  const failures: string[] = [];
  const deadline = Date.now() + settings.timeout * 1000;
  for (const object of created) {
    try {
      await cluster.remove(object);
    } catch (error) {
      failures.push(message(error));
    }
  }
  for (const object of created.filter(({ type }) => type.kind === "Namespace")) {
    await waitGone(object, cluster, deadline).catch((error: unknown) => failures.push(message(error)));
  }
  return failures;
}

function namespaceManifest(name: string): Manifest {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

function message(error: unknown): string {
  if (error instanceof KuttlError) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
