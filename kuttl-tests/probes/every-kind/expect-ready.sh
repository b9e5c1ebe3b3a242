#!/usr/bin/env bash
# Succeeds when containers of the probed pod are ready, or are not: expect-ready.sh <namespace> true|false <container>...
set -euo pipefail
states=$(kubectl get pods -n "$1" -l app=probed \
  -o jsonpath='{range .items[*].status.containerStatuses[*]}{.name}={.ready}{"\n"}{end}')
for container in "${@:3}"; do
  grep -qx "$container=$2" <<<"$states" || { echo "expected $container=$2, found: ${states//$'\n'/ }"; exit 1; }
done
