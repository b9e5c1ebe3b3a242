#!/usr/bin/env bash
# Scales echo and waits until so many pods are left, those that end included: scale.sh <namespace> <replicas>
set -euo pipefail
kubectl scale deployment/echo -n "$1" --replicas="$2"
kubectl rollout status deployment/echo -n "$1" --timeout=120s
bash ../../lib/wait-until.sh 60 bash ../../lib/pods-left.sh "$1" app=echo "$2"
