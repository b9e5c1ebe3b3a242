#!/usr/bin/env bash
# Runs a command in a pod of a workload, in the container of its name. A workload is a Deployment unless it says otherwise, as
# statefulset/web: in-pod.sh <namespace> <workload> <command>...
set -euo pipefail
[[ $2 == */* ]] && workload=$2 || workload=deployment/$2
kubectl exec -n "$1" "$workload" -c "${2#*/}" -- "${@:3}"
