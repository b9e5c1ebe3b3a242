import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Authority, createAuthority, issue, type KeyPair, type Subject, tokenKeys } from "./certificates.ts";
import { kubeconfig } from "./kubeconfig.ts";
import { kubeconfigPath, nodePaths } from "./paths.ts";
import { familiesOf, type Node, topology } from "./topology.ts";

/** Writes the credentials of every component below each node's `etc`, and the administrator's kubeconfig. */
export async function writeCredentials(nodes: readonly Node[], now: Date): Promise<void> {
  const authority = await createAuthority(now);
  const [first] = nodes;
  if (first !== undefined) await writeControlPlane(authority, first, now);
  await Promise.all(nodes.map((node) => writeNode(authority, node, now)));
  const admin = await issue(authority, { commonName: "admin", organization: "system:masters" }, now);
  await writeSecret(kubeconfigPath, kubeconfig(authority.pem.certificate, admin));
}

async function writeControlPlane(authority: Authority, node: Node, now: Date): Promise<void> {
  const etc = nodePaths(node.name).etc;
  const tokens = await tokenKeys();
  await writeSecret(join(etc, "ca.key"), authority.pem.privateKey);
  await writeSecret(join(etc, "service-account.key"), tokens.privateKey);
  await writeSecret(join(etc, "service-account.pub"), tokens.publicKey);
  const certificates: Readonly<Record<string, Subject>> = {
    apiserver: { commonName: "kube-apiserver", dns: apiServerNames(), ip: apiServerAddresses(node) },
    "apiserver-kubelet-client": { commonName: "kube-apiserver", organization: "system:masters" },
    "front-proxy-client": { commonName: "front-proxy-client" },
  };
  for (const [name, subject] of Object.entries(certificates))
    await writePair(join(etc, name), await issue(authority, subject, now));
  for (const name of ["controller-manager", "scheduler"])
    await writeUser(authority, etc, name, { commonName: `system:kube-${name}` }, now);
}

async function writeNode(authority: Authority, node: Node, now: Date): Promise<void> {
  const etc = nodePaths(node.name).etc;
  const identity = { commonName: `system:node:${node.name}`, organization: "system:nodes" };
  await writeSecret(join(etc, "ca.crt"), authority.pem.certificate);
  await writePair(
    join(etc, "kubelet"),
    await issue(authority, { ...identity, dns: [node.name], ip: node.addresses.map(({ address }) => address) }, now),
  );
  await writeUser(authority, etc, "kubelet", identity, now);
  await writeUser(authority, etc, "kube-proxy", { commonName: "system:kube-proxy" }, now);
}

async function writeUser(authority: Authority, etc: string, name: string, subject: Subject, now: Date): Promise<void> {
  const user = await issue(authority, subject, now);
  await writeSecret(join(etc, `${name}.kubeconfig`), kubeconfig(authority.pem.certificate, user));
}

async function writePair(path: string, pair: KeyPair): Promise<void> {
  await writeSecret(`${path}.crt`, pair.certificate);
  await writeSecret(`${path}.key`, pair.privateKey);
}

async function writeSecret(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content, { mode: 0o600 });
}

function apiServerNames(): readonly string[] {
  const service = "kubernetes.default.svc";
  return ["kubernetes", "kubernetes.default", service, `${service}.${topology.clusterDomain}`];
}

function apiServerAddresses(node: Node): readonly string[] {
  const services = familiesOf(node).map(({ apiServiceAddress }) => apiServiceAddress);
  return ["127.0.0.1", ...node.addresses.map(({ address }) => address), ...services];
}
