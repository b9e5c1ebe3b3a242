import { createPublicKey } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fromJson, type JsonObject, type JsonValue, toJson } from "@bufbuild/protobuf";
import { type Any, AnySchema } from "@bufbuild/protobuf/wkt";
import { spiffeId, type WorkloadIdentity } from "@meshwright/contract/identity";
import { secretNames, volumeFiles, volumeMountPath } from "@meshwright/contract/volume";
import { type Authority, readAuthority } from "@meshwright/pki/authority";
import { issueLeaf } from "@meshwright/pki/issue";
import { generateKey, renderKey } from "@meshwright/pki/key";
import { createRoot } from "@meshwright/pki/root";
import { xdsRegistry } from "@meshwright/xds-api/registry";

/** A sidecar's volume as the node agent fills it, in a folder of its own. */
export interface Volume extends Disposable {
  readonly folder: string;
}

const oneHourMs = 60 * 60_000;

/** Creates an authority that lives as long as the test, by default from now on. */
export async function createAuthority(now: Date = new Date()): Promise<Authority> {
  return readAuthority(await createRoot({ now, organization: "test" }));
}

/** Issues a workload's certificate and writes it, its key, the roots and the SDS files. Disposing removes the folder. */
export async function createVolume(authority: Authority, identity: WorkloadIdentity): Promise<Volume> {
  const folder = mkdtempSync(join(tmpdir(), "volume-"));
  const key = generateKey();
  const { chainPem } = await issueLeaf(authority, {
    publicKey: createPublicKey(key),
    names: [{ type: "url", value: spiffeId(identity) }],
    usages: ["client", "server"],
    now: new Date(),
    lifetimeMs: oneHourMs,
  });
  const files = {
    [volumeFiles.certificate]: chainPem,
    [volumeFiles.privateKey]: renderKey(key),
    [volumeFiles.trustBundle]: authority.rootsPem,
    [volumeFiles.certificateSds]: JSON.stringify(certificateSds(folder)),
    [volumeFiles.trustBundleSds]: JSON.stringify(trustBundleSds(folder)),
  };
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

/** Rewrites the paths of a packed message from where a pod mounts the volume to where it is here. */
export function relocate(body: Any, { folder }: Volume): Any {
  const json = JSON.stringify(toJson(AnySchema, body, { registry: xdsRegistry }));
  const moved = JSON.parse(json.replaceAll(volumeMountPath, folder)) as JsonValue;
  return fromJson(AnySchema, moved, { registry: xdsRegistry });
}

function certificateSds(folder: string): JsonObject {
  const file = (name: string): JsonObject => ({ filename: join(folder, name) });
  return secret({
    name: secretNames.certificate,
    tls_certificate: { certificate_chain: file(volumeFiles.certificate), private_key: file(volumeFiles.privateKey) },
  });
}

function trustBundleSds(folder: string): JsonObject {
  const trusted_ca = { filename: join(folder, volumeFiles.trustBundle) };
  return secret({ name: secretNames.adsTrustBundle, validation_context: { trusted_ca } });
}

function secret(fields: JsonObject): JsonObject {
  const type = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret";
  return { resources: [{ "@type": type, ...fields }] };
}
