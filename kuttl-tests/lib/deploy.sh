#!/usr/bin/env bash
# Applies workloads of this folder to a namespace and waits until they run: deploy.sh <namespace> <workload>...
set -euo pipefail
namespace=$1
shift
bash "$(dirname "$0")/apply.sh" "$namespace" "$@"
for workload in "$@"; do
  kubectl rollout status -n "$namespace" "deployment/$workload" --timeout=150s
done
