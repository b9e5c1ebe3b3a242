import { matching, oneOf } from "./parser.ts";

const levels = ["trace", "debug", "info", "warning", "error", "critical", "off"] as const;

/** Envoy's levels. Source: https://www.envoyproxy.io/docs/envoy/latest/operations/cli#cmdoption-l */
export const parseLogLevel = oneOf(...levels);

/** Source: https://www.envoyproxy.io/docs/envoy/latest/operations/cli#cmdoption-component-log-level */
export const parseComponentLogLevel = matching(
  new RegExp(`^(?!.{513})[a-z0-9_]+:(${levels.join("|")})(,[a-z0-9_]+:(${levels.join("|")}))*$`),
  'components with levels, as "http:debug,upstream:info"',
);
