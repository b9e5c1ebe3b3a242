import { accessLogOperators } from "./access-log-operators.ts";

/** One command operator as it may stand in a line: `%NAME%`, `%NAME(arguments)%`, with `:length` behind, or `%%`. */
const operator = /%(?:%|([A-Z0-9_]+)(\([^)]*\))?(?::\d+)?%)/g;

const guide = "https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage";

/**
 * Says what is wrong with a line of the access log, and the fix; undefined when nothing is. Envoy would reject every
 * listener of every proxy for it.
 */
export function accessLogFormatFault(format: string): string | undefined {
  const unknown = [...format.matchAll(operator)]
    .map(([text, name, argument]) => ({ text, name, argument }))
    .find(({ name, argument }) => name !== undefined && !isKnown(name, argument !== undefined));
  if (unknown !== undefined) {
    return `has "${unknown.text}", which is no command operator of Envoy's: use one of those in ${guide}`;
  }
  const stray = format.replaceAll(operator, "").match(/%.{0,40}/)?.[0];
  if (stray === undefined) return undefined;
  return `has "${stray}", where a command operator begins but does not end: write it as %NAME% or %NAME(argument)%, and a percent sign as %%`;
}

function isKnown(name: string, hasArgument: boolean): boolean {
  const argument = accessLogOperators.get(name);
  return argument === "optional" || argument === (hasArgument ? "required" : "none");
}
