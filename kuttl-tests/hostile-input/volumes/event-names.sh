#!/usr/bin/env bash
# Succeeds when kubelet tells of a pod that its volume was refused for an attribute: event-names.sh <namespace> <pod> <attribute>
set -euo pipefail
events=$(kubectl get events -n "$1" --field-selector "involvedObject.name=$2,reason=FailedMount" -o jsonpath='{.items[*].message}')
[[ $events == *"attribute \"$3"* ]] || { echo "expected an Event of $2 that names attribute $3: $events"; exit 1; }
