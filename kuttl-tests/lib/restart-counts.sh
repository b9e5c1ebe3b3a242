#!/usr/bin/env bash
# Prints how often each container of some namespaces has restarted, one line per container: restart-counts.sh <namespace>...
set -euo pipefail
for namespace in "$@"; do
  kubectl get pods -n "$namespace" -o jsonpath='{range .items[*]}{range .status.initContainerStatuses[*]}{.containerID} {.name} {.restartCount}{"\n"}{end}{range .status.containerStatuses[*]}{.containerID} {.name} {.restartCount}{"\n"}{end}{end}'
done | sort
