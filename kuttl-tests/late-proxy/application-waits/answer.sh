#!/usr/bin/env bash
# Lets the cluster's DNS answer for the name server: answer.sh <namespace>
set -euo pipefail
endpoints=$(kubectl get pods -n kube-system -l k8s-app=kube-dns --field-selector=status.phase=Running \
  --no-headers -o custom-columns=IP:.status.podIP |
  while read -r ip; do echo "  - { addresses: [\"$ip\"], conditions: { ready: true } }"; done)
kubectl apply -n "$1" -f - <<MANIFEST
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: names
  labels:
    kubernetes.io/service-name: names
addressType: IPv4
ports:
  - { name: dns, port: 53, protocol: UDP }
  - { name: dns-tcp, port: 53, protocol: TCP }
endpoints:
$endpoints
MANIFEST
