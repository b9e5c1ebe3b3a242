#!/usr/bin/env bash
# Five times from no server to one that is ready, and every call since is served: from-zero.sh <namespace>
set -euo pipefail
for _ in 1 2 3 4 5; do
  bash to-zero.sh "$1"
  bash ../../lib/wait-until.sh 10 bash expect-no-server.sh "$1"
  kubectl scale deployment/echo -n "$1" --replicas=1
  kubectl rollout status deployment/echo -n "$1" --timeout=60s
  bash ../../lib/expect-peer.sh "$1" client http echo:8080 "spiffe://cluster.local/ns/$1/sa/client"
  bash ../../lib/expect-served.sh "$1" client http echo:8080
  bash ../../lib/expect-served.sh "$1" client grpc echo:8082
  bash ../../lib/expect-served.sh "$1" client tcp echo:9000
done
