#!/usr/bin/env bash
# Succeeds when a Service is found by all of its addresses, one of each family that the cluster has: expect-families.sh <namespace>
set -euo pipefail
addresses=$(kubectl get service -n "$1" families -o jsonpath='{range .spec.clusterIPs[*]}{@}{"\n"}{end}' | LC_ALL=C sort)
bash ../../lib/expect-resolved.sh "$1" names lookup families "$addresses"
