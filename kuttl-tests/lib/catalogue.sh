#!/usr/bin/env bash
# Gives the operator the catalogue of a folder of catalogues/, or its own again: catalogue.sh <test|end-of-life|preflight|own>
set -euo pipefail
here=$(dirname "$0")
overlay=$here/catalogues/$1
[ "$1" != own ] || overlay=$here/../../deploy/kustomize/dev
kubectl kustomize "$overlay" |
  sed "s|localhost/meshwright-|${MESHWRIGHT_REGISTRY:-localhost}/meshwright-|" |
  kubectl apply --server-side --force-conflicts --field-manager=meshwright-dev -f - >/dev/null
kubectl rollout status -n meshwright-operator deployment/meshwright-operator --timeout=150s
