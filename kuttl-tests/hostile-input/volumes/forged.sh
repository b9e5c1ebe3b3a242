#!/usr/bin/env bash
# Succeeds when no pod with a volume of forged.txt starts, each has an Event that names the attribute, and no agent has
# restarted: forged.sh <namespace>
set -euo pipefail
lib=../../lib
before=$(bash $lib/restart-counts.sh mesh-system)
count=0
while IFS=$'\t' read -r attribute attributes; do
  count=$((count + 1))
  node pod.mjs "forged-$count" "$attributes" | kubectl apply -n "$1" -f - >/dev/null
done <forged.txt
count=0
while IFS=$'\t' read -r attribute attributes; do
  count=$((count + 1))
  bash $lib/wait-until.sh 60 bash event-names.sh "$1" "forged-$count" "$attribute"
  phase=$(kubectl get pod "forged-$count" -n "$1" -o jsonpath='{.status.phase}')
  [ "$phase" = Pending ] || { echo "expected forged-$count not to start, it is $phase"; exit 1; }
done <forged.txt
[ "$count" -ge 5 ] || { echo "expected five volumes or more, found $count"; exit 1; }
kubectl delete pods -n "$1" -l app=forged --timeout=60s
[ "$(bash $lib/restart-counts.sh mesh-system)" = "$before" ] || { echo "expected no container to have restarted"; exit 1; }
