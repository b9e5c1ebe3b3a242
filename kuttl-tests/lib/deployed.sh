#!/usr/bin/env bash
# Prints the operator's manifests as they are applied to a development cluster.
set -euo pipefail
kubectl kustomize "$(dirname "$0")/../../deploy/kustomize/dev" |
  sed "s|localhost/meshwright-|${MESHWRIGHT_REGISTRY:-localhost}/meshwright-|"
