#!/usr/bin/env bash
# Succeeds when a Service says of itself, in some words, that proxies reject it; "": that it says nothing:
# expect-mark.sh <namespace> <service> <words>
set -euo pipefail
said=$(kubectl get service "$2" -n "$1" -o jsonpath='{.status.conditions[?(@.type=="meshwright.dev/Rejected")].message}')
echo "$2: $said"
if [ -z "$3" ]; then [ -z "$said" ]; else grep -qF -- "$3" <<<"$said"; fi
