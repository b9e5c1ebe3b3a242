#!/usr/bin/env bash
# Makes a Deployment on the node's network and one for Windows: create.sh <namespace>
set -euo pipefail
deployment() { # <name> <pod spec>
  cat <<MANIFEST
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: $1 }
spec:
  selector: { matchLabels: { app: $1 } }
  template:
    metadata: { labels: { app: $1 } }
    spec:
      $2
      containers: [{ name: application, image: "${MESHWRIGHT_REGISTRY:-localhost}/meshwright-samples:v1.1.0", command: [node, -e, "setInterval(() => undefined, 1000)"] }]
MANIFEST
}
{ deployment host-network "hostNetwork: true" && deployment windows "os: { name: windows }"; } | kubectl apply -n "$1" -f -
