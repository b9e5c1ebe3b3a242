#!/usr/bin/env bash
# Installs the mesh anew, at a version and with a strategy; nothing may use the one that is there: fresh-mesh.sh <version> <InPlace|RevisionBased>
set -euo pipefail
here=$(dirname "$0")
kubectl delete meshinstall --all --timeout=150s
kubectl delete meshrevisiontag --all
sed "s|registry: localhost|registry: ${MESHWRIGHT_REGISTRY:-localhost}|; s|version: v1.1.0|version: $1|" "$here/../../samples/mesh-install.yaml" |
  kubectl create --dry-run=client -o json -f - |
  kubectl patch --local --type=merge -p "{\"spec\":{\"updateStrategy\":{\"type\":\"$2\"}}}" -o json -f - |
  kubectl create -f -
kubectl wait meshinstall/default --for=condition=Ready --timeout=300s
