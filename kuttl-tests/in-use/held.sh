#!/usr/bin/env bash
# Succeeds when the old revision is held by what is said, and stays although nothing else keeps it:
# held.sh <namespace> <what holds it, as its condition has it> [<blocker>]
set -euo pipefail
old=meshrevision/default-v1-0-0
bash ../../lib/expect-condition.sh $old InUse True Referenced "held by $2"
if [ -n "${3:-}" ]; then kubectl get $old -o jsonpath='{range .status.users.blockers[*]}{@}{"\n"}{end}' | grep -Fx -- "$3"; fi
kubectl annotate $old meshwright.dev/keep- >/dev/null
bash ../../lib/reconcile-often.sh "$1" 2
ending=$(kubectl get $old -o jsonpath='{.metadata.deletionTimestamp}')
[ -z "$ending" ] || { echo "the revision is being deleted since $ending"; exit 1; }
kubectl annotate $old meshwright.dev/keep=true >/dev/null
