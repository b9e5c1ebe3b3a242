#!/usr/bin/env bash
# Drains a node that the load client is not on, and gives it back: drain-node.sh <namespace>
set -euo pipefail
here=$(kubectl get pods -n "$1" -l app=load -o jsonpath='{.items[0].spec.nodeName}')
nodes=$(kubectl get nodes -o name | grep -v "/$here$" || true)
node=${nodes%%$'\n'*}
[ -n "$node" ] || { echo "expected a node besides $here"; exit 1; }
trap 'kubectl uncordon "$node"' EXIT
# The cluster's DNS stays, for it may have one replica only.
kubectl drain "$node" --ignore-daemonsets --delete-emptydir-data --pod-selector='k8s-app!=kube-dns' --timeout=140s
kubectl rollout status deployment/echo -n "$1" --timeout=90s
bash ../../lib/wait-until.sh 60 bash ../../lib/pods-left.sh "$1" app=echo 3
