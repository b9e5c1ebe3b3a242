#!/usr/bin/env bash
# Creates two Services for echo: one that Kubernetes' own controllers must look after, which take their time to come back,
# and one whose endpoints are written down here, so that it depends on nobody but the mesh: after.sh <namespace>
set -euo pipefail
endpoints=$(kubectl get pods -n "$1" -l app=echo --no-headers -o custom-columns=NAME:.metadata.name,IP:.status.podIP |
  while read -r name ip; do
    echo "  - { addresses: [$ip], conditions: { ready: true }, targetRef: { kind: Pod, name: $name, namespace: $1 } }"
  done)
kubectl apply -n "$1" -f - <<MANIFESTS
apiVersion: v1
kind: Service
metadata:
  name: echo-after
spec:
  selector:
    app: echo
  ports:
    - { name: http, port: 8080 }
---
apiVersion: v1
kind: Service
metadata:
  name: echo-written-down
spec:
  ports:
    - { name: http, port: 8080 }
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: echo-written-down
  labels:
    kubernetes.io/service-name: echo-written-down
addressType: IPv4
ports:
  - { name: http, port: 8080 }
endpoints:
$endpoints
MANIFESTS
