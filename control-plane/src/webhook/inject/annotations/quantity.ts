import { matching } from "./parser.ts";

/** Kubernetes' quantities that are no less than zero. Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
export const parseCpu = matching(/^\d{1,12}(\.\d{1,9})?m?$/, 'an amount of CPU, as "500m" or "2"');

export const parseMemory = matching(
  /^\d{1,15}(\.\d{1,9})?([kMGTPE]|[KMGTPE]i|[eE]\d{1,2})?$/,
  'an amount of memory, as "128Mi"',
);
