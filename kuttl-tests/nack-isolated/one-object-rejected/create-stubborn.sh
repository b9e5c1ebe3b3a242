#!/usr/bin/env bash
# Creates a meshed pod whose Envoy has a listener of its own at port 9000 of the Service "bad": the pod as the injector makes
# it, with one argument more, which injection itself does not allow. create-stubborn.sh <namespace>
set -euo pipefail
address=$(kubectl get service bad -n "$1" -o jsonpath='{.spec.clusterIP}')
node pod.mjs | kubectl create -n "$1" --dry-run=server -o json -f - | node stubborn.mjs "$address" | kubectl create -n "$1" -f -
kubectl wait pod/client-stubborn -n "$1" --for=condition=Ready --timeout=120s
