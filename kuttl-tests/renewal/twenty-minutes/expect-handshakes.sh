#!/usr/bin/env bash
# Succeeds when the servers' sidecars have made so many handshakes and none has failed: expect-handshakes.sh <namespace> <number>
set -euo pipefail
made=0
for pod in $(kubectl get pods -n "$1" -l app=echo -o name); do
  counts=$(kubectl exec -n "$1" "$pod" -c echo -- \
    node -e 'fetch("http://127.0.0.1:15020/stats/prometheus").then((r) => r.text()).then(console.log)' |
    grep -E '^envoy_listener_ssl_(handshake|connection_error|fail_verify_[a-z_]+)\{')
  echo "$counts"
  bad=$(awk '!/_handshake/ { sum += $2 } END { print sum + 0 }' <<<"$counts")
  [ "$bad" = 0 ] || { echo "expected no failed handshake at $pod"; exit 1; }
  made=$((made + $(awk '/_handshake/ { sum += $2 } END { print sum + 0 }' <<<"$counts")))
done
[ "$made" -ge "$2" ] || { echo "expected $2 handshakes or more, found $made"; exit 1; }
