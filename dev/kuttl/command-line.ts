import { KuttlError } from "./kuttl-error.ts";
import type { Collector } from "./test-types.ts";
import { expandVariables, splitWords } from "./words.ts";

/** The part of a command that says what to run. */
export interface CommandText {
  readonly command?: string;
  readonly script?: string;
  readonly namespaced: boolean;
}

/**
 * Program and arguments of a command. A script is run by `sh -c`; a command line is expanded, split into words, and
 * gets `--namespace` when it is namespaced and names none itself.
 */
export function commandLine(
  { command, script, namespaced }: CommandText,
  env: Readonly<Record<string, string | undefined>>,
): readonly [string, ...string[]] {
  if (script !== undefined) return ["sh", "-c", script];
  const [program, ...args] = splitWords(expandVariables(command ?? "", env)) ?? [];
  if (program === undefined) {
    throw new KuttlError("InvalidSuite", `cannot run "${command}": it is empty or has an open quote`);
  }
  const hasNamespace = args.some((word) => /^(-n|--namespace)(=|$)/.test(word));
  return namespaced && !hasNamespace ? [program, ...args, "--namespace", env["NAMESPACE"] ?? ""] : [program, ...args];
}

/** The command that a collector stands for. Source: https://kuttl.dev/docs/testing/reference.html#collectors */
export function collectorCommand(collector: Collector): CommandText {
  const { type = collector.command === undefined ? "pod" : "command", namespace = "$NAMESPACE" } = collector;
  switch (type) {
    case "command":
      return { command: collector.command ?? "", namespaced: false };
    case "events":
      return { command: `kubectl get events -n ${namespace} --sort-by=.lastTimestamp`, namespaced: false };
    case "pod":
      return { command: `kubectl logs --prefix ${podArguments(collector)} -n ${namespace}`, namespaced: false };
  }
}

function podArguments({ pod, selector, container, tail }: Collector): string {
  const which = pod ?? `-l ${selector ?? ""}`;
  const what = container === undefined ? "--all-containers" : `-c ${container}`;
  // kubectl's own default: everything of one pod, ten lines of each selected one.
  return `${which} ${what} --tail=${tail ?? (pod === undefined ? 10 : -1)}`;
}
