#!/usr/bin/env bash
# Evicts one of echo's pods by the API, as a node's drain and the descheduler do: evict.sh <namespace>
set -euo pipefail
pod=$(kubectl get pods -n "$1" -l app=echo -o jsonpath='{.items[0].metadata.name}')
kubectl create --raw "/api/v1/namespaces/$1/pods/$pod/eviction" -f - <<MANIFEST
{"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "$pod", "namespace": "$1"}}
MANIFEST
kubectl wait "pod/$pod" -n "$1" --for=delete --timeout=60s
