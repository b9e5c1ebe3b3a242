#!/usr/bin/env bash
# Installs the mesh as every suite expects it, or brings it back to that, and waits until it is ready.
set -euo pipefail
here=$(dirname "$0")
sed "s|registry: localhost|registry: ${MESHWRIGHT_REGISTRY:-localhost}|" "$here/../../samples/mesh-install.yaml" |
  kubectl apply --server-side --force-conflicts --field-manager=suites -f -
kubectl wait meshinstall/default --for=condition=Ready --timeout=300s
