#!/usr/bin/env bash
# Takes all of echo's pods away and waits until they are gone: to-zero.sh <namespace>
set -euo pipefail
kubectl scale deployment/echo -n "$1" --replicas=0
kubectl wait pods -n "$1" -l app=echo --for=delete --timeout=60s
