#!/usr/bin/env bash
# Deploys the storefront of the samples to a namespace and waits until it runs: deploy-storefront.sh <namespace>
set -euo pipefail
here=$(dirname "$0")
kubectl kustomize "$here/../../samples/storefront" |
  sed "s|localhost/meshwright-samples|${MESHWRIGHT_REGISTRY:-localhost}/meshwright-samples|" |
  kubectl apply -n "$1" -f - >/dev/null
for deployment in ratings catalog-v1 catalog-v2 catalog-v3 web; do
  kubectl rollout status -n "$1" "deployment/$deployment" --timeout=150s
done
