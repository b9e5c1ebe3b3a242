#!/usr/bin/env bash
# Succeeds when each of the replicas serves a fair share of the calls (half of the average, at least):
# expect-balanced.sh <namespace> <workload> <protocol> <host:port> <replicas>
set -euo pipefail
seen=$(bash "$(dirname "$0")/calls.sh" "$1" "$2" "$3" "$4" $(($5 * 40))) || {
  echo "expected every call to be served: $seen"
  exit 1
}
echo "$seen"
shares=$(grep -o '"replicas":{[^}]*}' <<<"$seen" | grep -oE '":[0-9]+' | tr -d '":' | sort -n)
if [ "$(wc -l <<<"$shares")" != "$5" ] || [ "$(head -1 <<<"$shares")" -lt 20 ]; then
  echo "expected $5 replicas to serve 20 or more calls each"
  exit 1
fi
