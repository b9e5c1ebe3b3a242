#!/usr/bin/env bash
# Runs a command in a pod of a workload, in the container of its name. A workload is a Deployment unless it says otherwise, as
# statefulset/web, or pod/web-0 for that pod of it: in-pod.sh <namespace> <workload> <command>...
set -euo pipefail
[[ $2 == */* ]] && workload=$2 || workload=deployment/$2
container=${2#*/}
[[ $2 == pod/* ]] && container=${container%-*}
kubectl exec -n "$1" "$workload" -c "$container" -- "${@:3}"
