import { choice, counter, list, map, object, string } from "./schema/build.ts";

const modes = ["UNSET", "DISABLE", "PERMISSIVE", "STRICT"] as const;

function mutualTls(description: string) {
  const mode = choice(modes, {
    description:
      "UNSET inherits from the next wider policy. DISABLE: clients send plaintext. PERMISSIVE: mutual TLS and plaintext are accepted. STRICT: mutual TLS only.",
    optional: true,
  });
  return object({ mode }, { description, optional: true });
}

const selector = object(
  {
    matchLabels: map(string({ description: "Value of the label.", maxLength: 63 }), {
      description: "Labels that a pod of the namespace must have, all of them.",
      maxProperties: 4096,
      optional: true,
    }),
  },
  { description: "Pods that the policy is about. Left out: all of its namespace.", optional: true },
);

const portLevelMtls = map(mutualTls("What one port accepts."), {
  description: "What single container ports accept, by port number; wants a selector.",
  maxProperties: 256,
  optional: true,
  rules: [
    {
      rule: "self.all(port, port.matches('^[1-9][0-9]{0,4}$') && int(port) <= 65535)",
      message: "portLevelMtls: use container ports from 1 to 65535 as keys",
    },
  ],
});

/** What a PeerAuthentication says. Source: https://istio.io/latest/docs/reference/config/security/peer_authentication/ */
export const peerAuthenticationSpec = object(
  { selector, mtls: mutualTls("What the pods accept on ports that portLevelMtls does not name."), portLevelMtls },
  {
    description: "What pods accept from their clients.",
    optional: true,
    rules: [
      {
        rule: "!has(self.portLevelMtls) || (has(self.selector) && has(self.selector.matchLabels) && self.selector.matchLabels.size() > 0)",
        message: "portLevelMtls wants a selector: set selector.matchLabels to the labels of the pods",
      },
    ],
  },
);

const condition = object(
  {
    type: string({ description: "Name of the condition.", maxLength: 316 }),
    status: choice(["True", "False", "Unknown"], { description: "Whether it holds." }),
    reason: string({ description: "Why, as one CamelCase word.", maxLength: 1024, optional: true }),
    message: string({ description: "Why, as a sentence for people.", maxLength: 32_768, optional: true }),
    lastProbeTime: string({ description: "When it was last looked at.", format: "date-time", optional: true }),
    lastTransitionTime: string({ description: "When the status last changed.", format: "date-time", optional: true }),
  },
  { description: "A condition." },
);

/** Status of every Istio object. Source: https://istio.io/latest/docs/reference/config/meta/v1beta1/istio-status/ */
export const peerAuthenticationStatus = object(
  {
    conditions: list(condition, {
      description: "What is observed. meshwright.dev/Rejected: proxies reject what was made of the policy.",
      mapKeys: ["type"],
      optional: true,
    }),
    observedGeneration: counter({ description: "metadata.generation that this status speaks of.", optional: true }),
  },
  { description: "What is observed.", optional: true },
);
