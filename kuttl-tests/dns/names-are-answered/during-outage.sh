#!/usr/bin/env bash
# What holds while the cluster's DNS is down: during-outage.sh <namespace>
set -euo pipefail
lib=../../lib
address=$(kubectl get service -n "$1" echo -o jsonpath='{.spec.clusterIP}')
for name in echo "echo.$1" "echo.$1.svc" "echo.$1.svc.cluster.local"; do
  timeout 3 bash "$lib/expect-resolved.sh" "$1" names lookup "$name" "$address"
done
timeout 3 bash expect-families.sh "$1"
bash "$lib/expect-peer.sh" "$1" names http echo:8080 "spiffe://cluster.local/ns/$1/sa/names"
bash "$lib/expect-resolved.sh" "$1" names lookup peers EAI_AGAIN
