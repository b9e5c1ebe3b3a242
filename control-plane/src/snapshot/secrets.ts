import type { Collection } from "@meshwright/collections/collection";
import { flatMap } from "@meshwright/collections/flat-map";
import { encode } from "@meshwright/xds-api/encode";
import { translateTrustBundle } from "../translate/secret/trust-bundle.ts";
import { type Encoder, versionOf } from "./encoder.ts";
import { noOrigins } from "./origins.ts";
import { secretKind } from "./resource-kinds.ts";
import { isSameResource, type Resources } from "./translated.ts";

/** The secrets that every sidecar asks for. */
export function deriveSecrets(trustBundle: Collection<string>, encoder: Encoder): Resources {
  return flatMap(
    trustBundle,
    (pem) => {
      const secrets = encoder.encode(secretKind, () => [translateTrustBundle(pem)], noOrigins);
      // The roots are no secret: every proxy has to know them.
      return secrets.map((secret) => [secret.name, { ...secret, audience: "everyone" }] as const);
    },
    isSameResource,
  );
}

/** Version that a trust bundle has as a secret: proxies are told apart by the one that they have. */
export function trustBundleVersion(pem: string): string {
  return versionOf(encode(secretKind.schema, translateTrustBundle(pem)));
}
