import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DevError } from "../command/dev-error.ts";
import { attempt, run } from "../command/run.ts";
import { tail } from "../command/tail.ts";
import { until } from "../command/until.ts";
import type { Component, ComponentName } from "./components.ts";
import { insideNode, nodeInit } from "./node-shell.ts";
import { nodePaths } from "./paths.ts";
import type { Node } from "./topology.ts";

/** Lines of a log that a failure shows. */
const logLines = 15;
const stopDeadlineMs = 3_000;

/** Starts a component inside of its node; its output goes to the node's log folder. */
export async function startComponent(node: Node, component: Component): Promise<void> {
  // The shell ends at once; the component stays, as a child of the node's init process.
  const script = `name="$1" log="$2"; shift 2; setsid "$@" >>"$log" 2>&1 </dev/null & echo $! > "/run/$name.pid"`;
  const command = [component.program, ...component.args];
  await inside(node, ["sh", "-c", script, "sh", component.name, logFile(node, component.name), ...command]);
}

/** Ends a component, by SIGKILL where SIGTERM takes too long; does nothing when it is not running. */
export async function stopComponent(node: Node, name: ComponentName): Promise<void> {
  const hasEnded = async (): Promise<boolean> => !(await isRunning(node, name));
  for (const signal of ["TERM", "KILL"]) {
    if (await hasEnded()) return;
    await inside(node, ["sh", "-c", `kill -${signal} "$(cat /run/${name}.pid)"`]);
    // kube-apiserver waits a minute for its watchers to leave by themselves.
    await until(`${name} on ${node.name} to end by SIG${signal}`, stopDeadlineMs, hasEnded).catch(ignoreLate);
  }
}

function ignoreLate(error: unknown): void {
  if (!(error instanceof DevError && error.reason === "TimedOut")) throw error;
}

/** Tells whether a component's process is there; process ids inside of a node are not reused within a cluster's life. */
export async function isRunning(node: Node, name: ComponentName): Promise<boolean> {
  const init = nodeInit(node);
  if (init === undefined) return false;
  const [program, args] = insideNode(init, ["sh", "-c", `kill -0 "$(cat /run/${name}.pid)"`]);
  return (await attempt(program, args)).code === 0;
}

/**
 * Polls until a component does its work.
 *
 * Errors: DevError `ComponentFailed` with the end of its log when it ended, or when the deadline has passed.
 */
export async function untilWorking(
  node: Node,
  name: ComponentName,
  deadlineMs: number,
  isWorking: () => Promise<boolean>,
): Promise<void> {
  await until(`${name} on ${node.name}`, deadlineMs, async () => {
    if (!(await isRunning(node, name))) throw failure(node, name, "it ended");
    return isWorking();
  }).catch((cause: unknown) => {
    const late = cause instanceof DevError && cause.reason === "TimedOut";
    throw late ? failure(node, name, `it does not work after ${deadlineMs / 1000} s`, cause) : cause;
  });
}

/** Runs a command inside of a node. */
export async function inside(node: Node, command: readonly string[]): Promise<string> {
  const init = nodeInit(node);
  if (init === undefined) throw new DevError("ComponentFailed", `cannot enter ${node.name}: it is not running`);
  const [program, args] = insideNode(init, command);
  return run(program, args);
}

function failure(node: Node, name: ComponentName, detail: string, cause?: Error): DevError {
  const path = logFile(node, name);
  const log = existsSync(path) ? tail(readFileSync(path, "utf8"), logLines) : "";
  const message = `cannot start ${name} on ${node.name}: ${detail}; the end of "${path}":\n${log}`;
  return new DevError("ComponentFailed", message, cause && { cause });
}

function logFile(node: Node, name: ComponentName): string {
  return join(nodePaths(node.name).log, `${name}.log`);
}
