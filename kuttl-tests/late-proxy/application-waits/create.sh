#!/usr/bin/env bash
# Creates a pod whose names are resolved by a Service without endpoints, so that its proxy finds no control plane until
# there are some: create.sh <namespace>
set -euo pipefail
kubectl apply -n "$1" -f - <<MANIFEST
apiVersion: v1
kind: Service
metadata:
  name: names
spec:
  ports:
    - { name: dns, port: 53, protocol: UDP }
    - { name: dns-tcp, port: 53, protocol: TCP }
MANIFEST
address=$(kubectl get service names -n "$1" -o jsonpath='{.spec.clusterIP}')
kubectl apply -n "$1" -f - <<MANIFEST
apiVersion: v1
kind: ServiceAccount
metadata:
  name: late
---
apiVersion: v1
kind: Pod
metadata:
  name: late
  labels:
    app: late
spec:
  serviceAccountName: late
  restartPolicy: Never
  terminationGracePeriodSeconds: 5
  dnsPolicy: None
  dnsConfig:
    nameservers: ["$address"]
    searches: [$1.svc.cluster.local, svc.cluster.local, cluster.local]
    options: [{ name: ndots, value: "5" }]
  containers:
    - name: application
      image: ${MESHWRIGHT_REGISTRY:-localhost}/meshwright-samples:v1.1.0
      imagePullPolicy: IfNotPresent
      args: [call, "http://echo:8080/"]
MANIFEST
