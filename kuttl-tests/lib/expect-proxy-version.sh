#!/usr/bin/env bash
# Succeeds when the sidecar of every pod of a selector is of a version: expect-proxy-version.sh <namespace> <selector> <version>
set -euo pipefail
images=$(kubectl get pods -n "$1" -l "$2" -o jsonpath='{range .items[*]}{.spec.initContainers[?(@.name=="istio-proxy")].image}{"\n"}{end}' | sort -u)
[[ $images == *"/meshwright-proxy:$3" ]] || { echo "expected the sidecars of $2 to be of $3, they are: $images"; exit 1; }
