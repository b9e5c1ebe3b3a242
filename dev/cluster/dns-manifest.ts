import { stringify } from "yaml";
import { corednsImage } from "../images/names.ts";
import { topology } from "./topology.ts";

const namespace = "kube-system";
const name = "coredns";
const labels = { "k8s-app": "kube-dns" };

/** Renders the objects of cluster DNS: CoreDNS behind the Service `kube-dns`, as users know it. */
export function dnsManifest(): string {
  return [...permissions(), config(), deployment(), service()].map((object) => stringify(object)).join("---\n");
}

/** Other zones are refused: there is nothing outside of the cluster to forward to. */
const corefile = `.:53 {
  errors
  health
  ready
  kubernetes ${topology.clusterDomain} in-addr.arpa ip6.arpa {
    pods insecure
    fallthrough in-addr.arpa ip6.arpa
    ttl 5
  }
  cache 5
  reload
}
`;

function permissions(): readonly object[] {
  const rbac = "rbac.authorization.k8s.io";
  const rules = [
    { apiGroups: [""], resources: ["endpoints", "services", "pods", "namespaces"], verbs: ["list", "watch"] },
    { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
  ];
  const role = `system:${name}`;
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } },
    { apiVersion: `${rbac}/v1`, kind: "ClusterRole", metadata: { name: role }, rules },
    {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name: role },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: role },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    },
  ];
}

function config(): object {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data: { Corefile: corefile } };
}

function deployment(): object {
  const container = {
    name,
    image: corednsImage,
    imagePullPolicy: "Never",
    args: ["-conf", "/etc/coredns/Corefile"],
    ports: [
      { containerPort: 53, protocol: "UDP" },
      { containerPort: 53, protocol: "TCP" },
    ],
    readinessProbe: { httpGet: { path: "/ready", port: 8181 }, periodSeconds: 1 },
    // Port 53 needs it, also for a program that is not root.
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsUser: 0,
      capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] },
    },
    volumeMounts: [{ name: "config", mountPath: "/etc/coredns" }],
  };
  const pod = {
    serviceAccountName: name,
    priorityClassName: "system-cluster-critical",
    dnsPolicy: "Default",
    containers: [container],
    volumes: [{ name: "config", configMap: { name } }],
  };
  const template = { metadata: { labels }, spec: pod };
  const spec = { replicas: 1, selector: { matchLabels: labels }, template };
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace, labels }, spec };
}

function service(): object {
  const ports = [
    { name: "dns", port: 53, protocol: "UDP" },
    { name: "dns-tcp", port: 53, protocol: "TCP" },
  ];
  const spec = { clusterIP: topology.dnsAddress, selector: labels, ports };
  return { apiVersion: "v1", kind: "Service", metadata: { name: "kube-dns", namespace, labels }, spec };
}
