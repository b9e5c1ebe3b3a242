#!/usr/bin/env bash
# Succeeds when the CNI plugin is in every node's conflist and CNI folder, or in none; or writes every conflist anew without
# it, as the node's CNI does when it starts. The workload node-files must run in that namespace:
# nodes-cni.sh <namespace> <installed|absent|rewrite>
set -euo pipefail
pods=$(kubectl get pods -n "$1" -l app=node-files -o name)
[ -n "$pods" ] || { echo "there is no pod node-files in $1"; exit 1; }
for pod in $pods; do
  kubectl exec -i -n "$1" "$pod" -- node --input-type=module - "$2" <"$(dirname "$0")/nodes-cni.mjs"
done
