import { choice, integer, list, map, object, quantity, string } from "./schema/build.ts";

const amount = quantity({ description: "A Kubernetes quantity, as 100m or 1Gi." });

/** Resources of the containers of one component; whatever is left out has no request or no limit. */
export const resources = object(
  {
    requests: map(amount, { description: "What the scheduler sets aside, by resource name.", optional: true }),
    limits: map(amount, { description: "What the container may use at most, by resource name.", optional: true }),
  },
  { description: "Resources of the container. Left out: the defaults of the component.", optional: true },
);

/** Kubernetes tolerations, as in a pod. */
export const tolerations = list(
  object(
    {
      key: string({ description: "Taint key; left out, with operator Exists, every key.", optional: true }),
      operator: choice(["Exists", "Equal"], { description: "How the value is compared.", default: "Equal" }),
      value: string({ description: "Taint value, with operator Equal.", optional: true }),
      effect: choice(["NoSchedule", "PreferNoSchedule", "NoExecute"], {
        description: "Taint effect; left out, every effect.",
        optional: true,
      }),
      tolerationSeconds: integer({
        description: "How long a NoExecute taint is tolerated, in seconds; left out, for ever.",
        minimum: 0,
        optional: true,
      }),
    },
    { description: "A toleration." },
  ),
  { description: "Tolerations of the pods.", maxItems: 64, optional: true },
);

/** Labels of the nodes on which pods may run. */
export const nodeSelector = map(string({ description: "Label value.", maxLength: 63 }), {
  description: "Labels that a node must have to run the pods.",
  maxProperties: 32,
  optional: true,
});
