import { choice, map, object, string } from "./schema/build.ts";

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
