#!/usr/bin/env bash
# Applies workloads of this folder to a namespace: apply.sh <namespace> <workload>...
# MESHWRIGHT_REGISTRY is where the samples' image comes from; a development cluster has it as localhost.
set -euo pipefail
here=$(dirname "$0")
namespace=$1
shift
for workload in "$@"; do
  sed "s|localhost/meshwright-samples|${MESHWRIGHT_REGISTRY:-localhost}/meshwright-samples|" "$here/workloads/$workload.yaml" |
    kubectl apply -n "$namespace" -f - >/dev/null
done
