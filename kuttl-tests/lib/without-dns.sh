#!/usr/bin/env bash
# Runs a command while the cluster's DNS is down, and brings it back whatever comes of it: without-dns.sh <command>...
set -euo pipefail
replicas=$(kubectl get deployment -n kube-system coredns -o jsonpath='{.spec.replicas}')
bring_back() {
  kubectl scale deployment -n kube-system coredns --replicas="$replicas" >/dev/null
  kubectl rollout status deployment -n kube-system coredns --timeout=120s >/dev/null
}
trap bring_back EXIT
kubectl scale deployment -n kube-system coredns --replicas=0 >/dev/null
kubectl wait -n kube-system --for=delete pod -l k8s-app=kube-dns --timeout=60s >/dev/null
"$@"
