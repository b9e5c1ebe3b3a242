import { create } from "@bufbuild/protobuf";
import { secretNames } from "@meshwright/contract/volume";
import { type Secret, SecretSchema } from "@meshwright/xds-api/gen/envoy/extensions/transport_sockets/tls/v3/secret_pb";

/** Translates the roots that workloads trust; sent over ADS, so that an ACK proves that an Envoy trusts them. */
export function translateTrustBundle(pem: string): Secret {
  const trustedCa = { specifier: { case: "inlineString", value: pem } } as const;
  return create(SecretSchema, {
    name: secretNames.trustBundle,
    type: { case: "validationContext", value: { trustedCa } },
  });
}
