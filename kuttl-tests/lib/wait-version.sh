#!/usr/bin/env bash
# Waits until the mesh is ready at a version and revision: wait-version.sh <version> <revision>
set -euo pipefail
here=$(dirname "$0")
read_state() {
  kubectl get meshinstall default -o jsonpath='{.status.version} {.status.activeRevision} {.status.conditions[?(@.type=="Ready")].status}'
}
SECONDS=0
until [ "$(read_state)" = "$1 $2 True" ]; do
  if [ "$SECONDS" -ge 170 ]; then
    echo "expected $1 $2 True, the mesh is: $(read_state)"
    kubectl get meshinstall default -o yaml
    exit 1
  fi
  sleep 0.5
done
