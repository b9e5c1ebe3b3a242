import { choice, counter, list, object, string } from "./schema/build.ts";
import type { Infer } from "./schema/field.ts";

const condition = object(
  {
    type: string({ description: "Name of the condition.", maxLength: 316 }),
    status: choice(["True", "False", "Unknown"], { description: "Whether it holds." }),
    observedGeneration: counter({ description: "metadata.generation that it speaks of." }),
    lastTransitionTime: string({ description: "When the status last changed.", format: "date-time" }),
    reason: string({ description: "Why, as one CamelCase word.", minLength: 1, maxLength: 1024 }),
    message: string({ description: "Why, as a sentence for people.", maxLength: 32_768 }),
  },
  { description: "A condition." },
);

export type Condition = Infer<typeof condition>;

/** The conditions of an object; the description says which there are. */
export function conditionList(description: string) {
  return list(condition, { description, mapKeys: ["type"], optional: true });
}

/** Generation of which a status speaks. */
export const observedGeneration = counter({
  description: "metadata.generation that this status speaks of.",
  optional: true,
});

const rejection = object(
  {
    objects: list(string({ description: 'An object, as `Service "shop/web"`.', maxLength: 1024 }), {
      description: "Objects of which it was made; none where it was made of the mesh's settings alone.",
      maxItems: 10,
      optional: true,
    }),
    resource: string({ description: "Name of the resource in the proxies' configuration.", maxLength: 1024 }),
    message: string({ description: "The proxies' own words.", maxLength: 1024 }),
  },
  { description: "A resource that proxies reject." },
);

export const proxies = object(
  {
    connected: counter({ description: "Proxies connected to any replica of the control plane." }),
    onTarget: counter({
      description:
        "Those that are connected to a replica of the wanted version and have acknowledged all that they were sent.",
    }),
    stale: counter({ description: "Those that have not acknowledged for more than 30 s what they were sent." }),
    rejecting: counter({ description: "Those that reject any of their configuration, and go on with what they had." }),
    rejected: list(rejection, {
      description: "What they reject, sorted by object: ten at most.",
      maxItems: 10,
      optional: true,
    }),
  },
  {
    description: "The proxies. Left out while a replica does not say who is connected to it.",
    optional: true,
  },
);
