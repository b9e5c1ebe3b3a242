#!/usr/bin/env bash
# Succeeds when each of the replicas serves a fair share of the calls (half of the average, at least):
# expect-balanced.sh <namespace> <workload> <protocol> <host:port> <replicas>
set -euo pipefail
calls=$(($5 * 40))
seen=$(bash "$(dirname "$0")/probe.sh" "$1" "$2" "$3" "$4" "$calls") || {
  echo "expected every call to be served: $seen"
  exit 1
}
shares=$(grep -o '"replica":"[^"]*"' <<<"$seen" | sort | uniq -c | sort -n)
echo "$shares"
least=$(awk 'NR == 1 {print $1}' <<<"$shares")
if [ "$(wc -l <<<"$shares")" != "$5" ] || [ "$least" -lt 20 ]; then
  echo "expected $5 replicas to serve 20 or more of $calls calls each"
  exit 1
fi
