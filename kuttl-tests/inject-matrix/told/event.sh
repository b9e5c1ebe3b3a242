#!/usr/bin/env bash
# Succeeds when an Event on a Deployment's ReplicaSet says why its pods have no sidecar: event.sh <namespace> <deployment> <reason>
set -euo pipefail
set=$(kubectl get replicasets -n "$1" -l "app=$2" -o jsonpath='{.items[0].metadata.name}')
reasons=$(kubectl get events -n "$1" --field-selector "involvedObject.kind=ReplicaSet,involvedObject.name=$set" -o jsonpath='{.items[*].reason}')
[[ " $reasons " == *" $3 "* ]] || { echo "expected an Event $3 on $set, found: $reasons"; exit 1; }
