#!/usr/bin/env bash
# Succeeds when every pod has its sidecar among its containers: sidecars-are-plain.sh <namespace>
set -euo pipefail
pods=$(kubectl get pods -n "$1" --field-selector=status.phase=Running \
  -o jsonpath='{range .items[*]}{.metadata.name}: {.spec.containers[*].name}{"\n"}{end}')
echo "$pods"
[ -n "$pods" ] && ! grep -qv " *istio-proxy" <<<"$pods"
