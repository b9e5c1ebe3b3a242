#!/usr/bin/env bash
# Deploys a workload with a sidecar that is no native one, and waits until it runs: plain.sh <namespace> <workload>
set -euo pipefail
bash ../../lib/apply.sh "$1" "$2"
kubectl patch deployment "$2" -n "$1" \
  -p '{"spec": {"template": {"metadata": {"annotations": {"sidecar.istio.io/nativeSidecar": "false"}}}}}'
kubectl rollout status -n "$1" "deployment/$2" --timeout=150s
