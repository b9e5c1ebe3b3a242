#!/usr/bin/env bash
# Applies a Service of bytes in front of the echo server: service.sh <namespace> <name> <port>
set -euo pipefail
kubectl apply -n "$1" -f - <<YAML
apiVersion: v1
kind: Service
metadata: {name: $2}
spec:
  selector: {app: echo}
  ports: [{name: tcp, port: $3, targetPort: 9000}]
YAML
