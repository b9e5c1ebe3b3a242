#!/usr/bin/env bash
# Succeeds when a container of the probed pod was restarted so often: expect-restarts.sh <namespace> <container> <number>
set -euo pipefail
counts=$(kubectl get pods -n "$1" -l app=probed \
  -o jsonpath='{range .items[*].status}{range .containerStatuses[*]}{.name}={.restartCount}{"\n"}{end}{range .initContainerStatuses[*]}{.name}={.restartCount}{"\n"}{end}{end}')
grep -qx "$2=$3" <<<"$counts" || { echo "expected $2=$3, found: ${counts//$'\n'/ }"; exit 1; }
