#!/usr/bin/env bash
# Waits until the operator has looked at the mesh again, all of it: it puts back a label of ours that is changed now, and whatever
# else there was to do it has done in the same reconcile.
set -euo pipefail
here=$(dirname "$0")
agent="serviceaccount/meshwright-node-agent -n mesh-system"
kubectl label $agent app.kubernetes.io/component=other --overwrite >/dev/null
bash "$here/wait-until.sh" 30 bash -c \
  "[ \"\$(kubectl get $agent -o jsonpath='{.metadata.labels.app\.kubernetes\.io/component}')\" = node-agent ]"
