#!/usr/bin/env bash
# Succeeds when so many pods of a selector are left, those that end included: pods-left.sh <namespace> <selector> <number>
set -euo pipefail
pods=$(kubectl get pods -n "$1" -l "$2" -o name)
[ "$(wc -l <<<"$pods")" = "$3" ] || { echo "expected $3 pods, found: $pods"; exit 1; }
