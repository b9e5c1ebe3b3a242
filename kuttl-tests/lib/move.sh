#!/usr/bin/env bash
# Moves a namespace to a revision or tag and restarts Deployments of it, one after the other: move.sh <namespace> <revision> <deployment>...
set -euo pipefail
namespace=$1
kubectl label namespace "$namespace" istio-injection- >/dev/null
kubectl label namespace "$namespace" "istio.io/rev=$2" --overwrite
shift 2
for deployment in "$@"; do
  kubectl rollout restart "deployment/$deployment" -n "$namespace"
  kubectl rollout status "deployment/$deployment" -n "$namespace" --timeout=150s
done
