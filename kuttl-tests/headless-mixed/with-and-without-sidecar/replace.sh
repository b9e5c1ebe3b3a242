#!/usr/bin/env bash
# Deletes a pod of a StatefulSet and waits until its successor runs: replace.sh <namespace> <pod>
set -euo pipefail
kubectl delete pod "$2" -n "$1"
kubectl rollout status -n "$1" "statefulset/${2%-*}" --timeout=120s
kubectl wait pod "$2" -n "$1" --for=condition=Ready --timeout=60s
