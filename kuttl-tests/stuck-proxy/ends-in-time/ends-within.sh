#!/usr/bin/env bash
# Succeeds when the workload's pods are gone some seconds after their deletion: ends-within.sh <namespace> <seconds>
set -euo pipefail
begun=$SECONDS
kubectl delete deployment stuck -n "$1"
kubectl wait pods -n "$1" -l app=stuck --for=delete --timeout=120s
taken=$((SECONDS - begun))
echo "gone after $taken s"
if [ "$taken" -gt "$2" ]; then
  echo "expected the pods to be gone after $2 s"
  exit 1
fi
