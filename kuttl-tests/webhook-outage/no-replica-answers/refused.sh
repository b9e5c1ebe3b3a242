#!/usr/bin/env bash
# Succeeds when a pod cannot be created, and the API server says that our webhook did not answer: refused.sh <namespace>
set -euo pipefail
if said=$(kubectl create -f pod.yml -n "$1" --dry-run=server 2>&1); then
  echo "expected the pod to be refused: $said"
  exit 1
fi
echo "$said"
grep -F 'failed calling webhook "namespace.injector.meshwright.dev"' <<<"$said"
