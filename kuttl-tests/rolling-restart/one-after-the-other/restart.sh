#!/usr/bin/env bash
# Restarts servers, node agents and clients in turn, then reads what the first clients counted until they ended:
# restart.sh <namespace>
set -euo pipefail
counts=$(mktemp -d)
trap 'jobs -p | xargs -r kill 2>/dev/null || true; rm -rf "$counts"' EXIT
pod=$(kubectl get pods -n "$1" -l app=load-all -o jsonpath='{.items[0].metadata.name}')
# A load client says what it counted when it ends; its pod and its logs are gone a moment later.
for protocol in http h2 grpc tcp; do
  kubectl logs --follow -n "$1" "$pod" -c "$protocol" >"$counts/$protocol" &
done
kubectl rollout restart deployment/echo -n "$1"
kubectl rollout status deployment/echo -n "$1" --timeout=120s
bash ../../lib/wait-until.sh 60 bash ../../lib/pods-left.sh "$1" app=echo 3
bash expect-no-failure.sh "$1"
kubectl rollout restart daemonset/meshwright-node-agent -n mesh-system
kubectl rollout status daemonset/meshwright-node-agent -n mesh-system --timeout=120s
bash expect-no-failure.sh "$1"
kubectl rollout restart deployment/load-all -n "$1"
kubectl rollout status deployment/load-all -n "$1" --timeout=120s
wait
for protocol in http h2 grpc tcp; do
  echo "$protocol $(cat "$counts/$protocol")"
done
for protocol in http h2 grpc tcp; do
  grep -F '"failed":0,' "$counts/$protocol" >/dev/null || { echo "expected no failed request over $protocol"; exit 1; }
done
