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

const proxyVersion = object(
  {
    version: string({ description: "As `v1.1.0`; `unknown` for those that do not say.", maxLength: 64 }),
    proxies: counter({ description: "How many proxies." }),
  },
  { description: "Proxies of a version." },
);

export const proxies = object(
  {
    connected: counter({ description: "Proxies connected to any replica of the control plane." }),
    onTarget: counter({
      description:
        "Those of the wanted version that are connected to a replica of it and have acknowledged all that they were sent.",
    }),
    stale: counter({ description: "Those that have not acknowledged for more than 30 s what they were sent." }),
    rejecting: counter({ description: "Those that reject any of their configuration, and go on with what they had." }),
    versions: list(proxyVersion, {
      description: "How many are of each version.",
      mapKeys: ["version"],
      maxItems: 32,
      optional: true,
    }),
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
