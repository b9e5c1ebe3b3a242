import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultMeshConfig } from "@meshwright/contract/mesh-config";
import { renderMeshConfig } from "@meshwright/contract/mesh-config-yaml";
import { ports } from "@meshwright/contract/ports";
import type { KubeClient } from "@meshwright/kube/client";
import { loadConnection } from "@meshwright/kube/connection";
import { createKubeClient } from "@meshwright/kube/kube-client";
import {
  clusterRoleBindings,
  clusterRoles,
  configMaps,
  namespaces,
  serviceAccounts,
  typed,
} from "@meshwright/kube/resource-types";
import type { KubeObject, ResourceType } from "@meshwright/kube/types";
import { type AuthorityFiles, readAuthority } from "@meshwright/pki/authority";
import { createRoot } from "@meshwright/pki/root";
import { type ApiServer, startApiServer } from "@meshwright/testing/api-server";
import { startDaemon } from "@meshwright/testing/daemon";
import { kubeBinary } from "@meshwright/testing/kube-binaries";

const main = join(import.meta.dirname, "..", "..", "main.ts");

/** Both processes of meshd at their own ports, with a real API server that knows two service accounts. */
export async function startMeshd() {
  const stack = new AsyncDisposableStack();
  const server = await startApiServer();
  stack.defer(() => server.stop());
  const client = createKubeClient({ connection: loadConnection(server.kubeconfig), userAgent: "meshwright-test" });
  await createObjects(client);
  const files = await createRoot({ now: new Date(), organization: "cluster.local" });
  const dir = await writeAuthority(files);
  stack.defer(() => rm(dir, { recursive: true }));
  for (const [role, port] of [["xds", ports.monitoring] as const, ["injector", ports.injectorMonitoring] as const]) {
    const daemon = startRole(role, server, dir);
    stack.defer(() => daemon.stop());
    await daemon.untilReady(async () => (await fetch(`http://127.0.0.1:${port}/ready`)).ok, 30_000);
  }
  return {
    client,
    authority: readAuthority(files),
    /** A token of the service account `web` of a namespace; without an audience as Kubernetes mounts it. */
    token: (namespace: string, ...flags: readonly string[]): string => createToken(server, namespace, flags),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

export type Meshd = Awaited<ReturnType<typeof startMeshd>>;

function startRole(role: "xds" | "injector", { kubeconfig }: ApiServer, dir: string) {
  const mesh = ["--revision", "default", "--namespace", "mesh-system", "--config-map", "meshd-default"];
  const environment = [`KUBECONFIG=${kubeconfig}`, "MESHWRIGHT_VERSION=v1.1.0"];
  return startDaemon("/usr/bin/env", [
    ...environment,
    process.execPath,
    main,
    "--role",
    role,
    ...mesh,
    "--ca-dir",
    dir,
  ]);
}

/** As the Secret is mounted. */
async function writeAuthority({ certificatePem, keyPem, rootsPem }: AuthorityFiles): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "meshwright-meshd-"));
  await writeFile(join(dir, "tls.crt"), certificatePem);
  await writeFile(join(dir, "tls.key"), keyPem);
  await writeFile(join(dir, "ca.crt"), rootsPem);
  return dir;
}

async function createObjects(client: KubeClient): Promise<void> {
  const create = (type: ResourceType, name: string, namespace?: string, rest: object = {}): Promise<KubeObject> => {
    const apiVersion = type.group === "" ? "v1" : `${type.group}/v1`;
    const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
    return client.create(typed<KubeObject>(type), { apiVersion, kind: type.kind, metadata, ...rest });
  };
  for (const name of ["mesh-system", "shop", "data"]) await create(namespaces, name);
  for (const namespace of ["shop", "data"]) await create(serviceAccounts, "web", namespace);
  const settings = renderMeshConfig(defaultMeshConfig("default", "localhost/proxy:v1"));
  await create(configMaps, "meshd-default", "mesh-system", { data: { "mesh.yaml": settings } });
  // As deploy/kustomize grants it to whoever is bound to meshwright-operator-debug-viewer.
  await create(clusterRoles, "viewer", undefined, {
    rules: [{ nonResourceURLs: ["/fleet", "/debug/*"], verbs: ["get"] }],
  });
  await create(clusterRoleBindings, "viewer", undefined, {
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "viewer" },
    subjects: [{ kind: "ServiceAccount", name: "web", namespace: "data" }],
  });
}

function createToken({ kubeconfig }: ApiServer, namespace: string, flags: readonly string[]): string {
  const args = [`--kubeconfig=${kubeconfig}`, "create", "token", "web", "-n", namespace, ...flags];
  return execFileSync(kubeBinary("kubectl"), args, { encoding: "utf8" }).trim();
}
