#!/usr/bin/env bash
# Deletes pods at different moments of their start, the later ones while their proxies start: start-and-end.sh <namespace>
set -euo pipefail
bash ../../lib/apply.sh "$1" client
for reason in PodScheduled PodReadyToStartContainers Initialized; do
  pod=$(kubectl get pods -n "$1" -l app=client --field-selector=status.phase!=Succeeded \
    --sort-by=.metadata.creationTimestamp -o jsonpath='{.items[-1:].metadata.name}')
  kubectl wait "pod/$pod" -n "$1" --for=condition="$reason" --timeout=60s
  kubectl delete pod "$pod" -n "$1" --timeout=40s
done
kubectl rollout status deployment/client -n "$1" --timeout=120s
