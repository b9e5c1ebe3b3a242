#!/usr/bin/env bash
# Succeeds when a hand-written volume that claims to be another pod's gives the identity of the pod that has it, and its key to
# nobody but the proxy's user: own-identity.sh <namespace>
set -euo pipefail
node pod.mjs claims '{
  "contract": "1", "revision": "default",
  "csi.storage.k8s.io/pod.namespace": "mesh-system", "csi.storage.k8s.io/serviceAccount.name": "meshd-default",
  "csi.storage.k8s.io/pod.name": "meshd", "csi.storage.k8s.io/pod.uid": "0"
}' | kubectl apply -n "$1" -f -
kubectl wait pod/claims -n "$1" --for=condition=Ready --timeout=60s
seen=$(kubectl exec -n "$1" claims -- node -e '
  const { X509Certificate } = require("node:crypto");
  console.log(new X509Certificate(fs.readFileSync("/identity/identity/tls.crt")).subjectAltName);
  try { fs.readFileSync("/identity/identity/tls.key"); console.log("read the key"); } catch (error) { console.log(error.code); }')
echo "$seen"
[ "$seen" = "URI:spiffe://cluster.local/ns/$1/sa/default
EACCES" ] || { echo "expected the identity of $1/default, and no key"; exit 1; }
kubectl delete pod claims -n "$1"
