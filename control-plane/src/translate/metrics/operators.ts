import { unknownValue } from "@meshwright/contract/workload-labels";

/**
 * Envoy's command operators for the values of labels.
 * Source: https://www.envoyproxy.io/docs/envoy/v1.40.0/configuration/observability/access_log/usage#command-operators
 */

/** One operator: a command with what stands in its parentheses, if anything. */
export interface Operator {
  readonly command: string;
  readonly param?: string;
  /** Longer values are cut; only where others decide how long a value is. */
  readonly maxLength?: number;
}

/** The operator alone; empty where there is no value. */
export function valueOf({ command, param, maxLength }: Operator): string {
  const parameter = param === undefined ? "" : `(${param})`;
  return `%${command}${parameter}${maxLength === undefined ? "" : `:${maxLength}`}%`;
}

/** The operator's value, or Istio's word where there is none. */
export function orUnknown({ command, param, maxLength }: Operator): string {
  const first = { command, ...(param !== undefined && { param }), ...(maxLength && { max_length: maxLength }) };
  const operators = [first, { command: "CEL", param: `'${unknownValue}'` }];
  return `%COALESCE(${JSON.stringify({ operators })})%`;
}

/** A variable of the sidecar's environment, which the injector has set. */
export function environment(variable: string): Operator {
  return { command: "ENVIRONMENT", param: variable };
}

/** An expression of the Common Expression Language over Envoy's attributes. */
export function expression(text: string): Operator {
  return { command: "CEL", param: text };
}

/** What a filter of the same connection has remembered. */
export function remembered(key: string): Operator {
  return { command: "FILTER_STATE", param: `${key}:PLAIN` };
}
