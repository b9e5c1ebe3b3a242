#!/usr/bin/env bash
# Succeeds when both hooks were called, the one before the end as well: expect-hooks.sh <namespace>
set -euo pipefail
pod=$(kubectl get pods -n "$1" -l app=probed -o name)
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# The log ends with the container, and is gone with the pod a moment later.
kubectl logs -n "$1" "$pod" -c hooks --follow >"$log" &
kubectl delete -n "$1" deployment/probed --wait=false
wait
cat "$log"
grep -qx "called /hook/post-start" "$log" && grep -qx "called /hook/pre-stop" "$log"
