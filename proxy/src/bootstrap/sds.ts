import { create, type JsonValue, type MessageInitShape } from "@bufbuild/protobuf";
import { secretNames, volumeFiles, volumeMountPath } from "@meshwright/contract/volume";
import { packAny } from "@meshwright/xds-api/any";
import { SecretSchema } from "@meshwright/xds-api/gen/envoy/extensions/transport_sockets/tls/v3/secret_pb";
import { DiscoveryResponseSchema } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import { toXdsJson } from "@meshwright/xds-api/json";

type Secret = MessageInitShape<typeof SecretSchema>;

/** `..data` is renamed inside this directory: Envoy reads the files again when it changes. */
const watchedDirectory = { path: inVolume(volumeFiles.identityDir) };

/** Content of the file from which Envoy takes the leaf certificate and its key. */
export function certificateSds(): JsonValue {
  return secretFile({
    name: secretNames.certificate,
    type: {
      case: "tlsCertificate",
      value: {
        certificateChain: fileSource(volumeFiles.certificate),
        privateKey: fileSource(volumeFiles.privateKey),
        watchedDirectory,
      },
    },
  });
}

/** Content of the file from which Envoy takes the roots that it verifies the control plane by. */
export function trustBundleSds(): JsonValue {
  return secretFile({
    name: secretNames.adsTrustBundle,
    type: { case: "validationContext", value: { trustedCa: fileSource(volumeFiles.trustBundle), watchedDirectory } },
  });
}

function secretFile(secret: Secret): JsonValue {
  const resources = [packAny(SecretSchema, secret)];
  return toXdsJson(DiscoveryResponseSchema, create(DiscoveryResponseSchema, { resources }));
}

function fileSource(file: string): { specifier: { case: "filename"; value: string } } {
  return { specifier: { case: "filename", value: inVolume(file) } };
}

function inVolume(file: string): string {
  return `${volumeMountPath}/${file}`;
}
