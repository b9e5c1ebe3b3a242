#!/usr/bin/env bash
# Turns injection on for a namespace: mesh-namespace.sh <namespace>
set -euo pipefail
kubectl label namespace "$1" istio-injection=enabled --overwrite
