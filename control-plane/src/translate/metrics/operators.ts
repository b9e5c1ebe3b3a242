/**
 * Envoy's command operators for the values of labels; empty where there is no value.
 * Source: https://www.envoyproxy.io/docs/envoy/v1.40.0/configuration/observability/access_log/usage#command-operators
 */

/** One operator: a command with what stands in its parentheses, if anything; a longer value than the maximum is cut. */
export function valueOf(command: string, param?: string, maxBytes?: number): string {
  const parameter = param === undefined ? "" : `(${param})`;
  return `%${command}${parameter}${maxBytes === undefined ? "" : `:${maxBytes}`}%`;
}

/** A variable of the sidecar's environment, which the injector has set. */
export function environment(variable: string): string {
  return valueOf("ENVIRONMENT", variable);
}

/** An expression of the Common Expression Language over Envoy's attributes. */
export function expression(text: string): string {
  return valueOf("CEL", text);
}
