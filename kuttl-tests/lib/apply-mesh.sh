#!/usr/bin/env bash
# Installs the mesh as every suite expects it, or brings it back to that, and waits until it is ready.
set -euo pipefail
here=$(dirname "$0")
manifest=$(sed "s|registry: localhost|registry: ${MESHWRIGHT_REGISTRY:-localhost}|" "$here/../../samples/mesh-install.yaml")
kubectl get meshinstall default >/dev/null 2>&1 || kubectl create -f - <<<"$manifest"
# An apply would leave what a failed test has patched in: the spec is replaced as a whole.
spec=$(kubectl create --dry-run=client -o jsonpath='{.spec}' -f - <<<"$manifest")
kubectl patch meshinstall default --type=json -p "[{\"op\":\"replace\",\"path\":\"/spec\",\"value\":$spec}]"
kubectl wait meshinstall/default --for=condition=Ready --timeout=300s
