#!/usr/bin/env bash
# Succeeds when the application has not been started while its proxy runs and is not ready, for some seconds:
# still-waits.sh <namespace> <seconds>
set -euo pipefail
deadline=$((SECONDS + $2))
while [ "$SECONDS" -lt "$deadline" ]; do
  state=$(kubectl get pod late -n "$1" -o jsonpath='{.status.initContainerStatuses[?(@.name=="istio-proxy")].started} {.status.containerStatuses[0].state}')
  if [[ $state != 'false {"waiting":'* ]]; then
    echo "expected the application to wait for its proxy: $state"
    exit 1
  fi
  sleep 1
done
