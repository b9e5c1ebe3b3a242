#!/usr/bin/env bash
# Kills node agents in turn for some seconds, and takes kubelet and agent of every node away once; in between looks at every
# certificate: agents-end.sh <namespace> <seconds>
set -euo pipefail
cluster=../../../dev/cluster/main.ts
began=$SECONDS
rebooted=no
while [ $((SECONDS - began)) -lt "$2" ]; do
  for node in $(kubectl get nodes -o name); do
    bash ../../lib/wait-until.sh 60 bash agents-run.sh
    bash look-at-volumes.sh "$1"
    kill_agent() { kubectl delete pod -n mesh-system -l app=meshwright-node-agent --field-selector "spec.nodeName=$1" --grace-period=0 --force; }
    if [ "$rebooted" = no ] && [ $((SECONDS - began)) -gt $(($2 / 2)) ] && [ "${CLUSTER:-}" != existing ]; then
      rebooted=yes
      for each in $(kubectl get nodes -o name); do node "$cluster" stop "kubelet@${each#node/}"; done
      for each in $(kubectl get nodes -o name); do kill_agent "${each#node/}"; done
      for each in $(kubectl get nodes -o name); do node "$cluster" start "kubelet@${each#node/}"; done
    else
      kill_agent "${node#node/}"
    fi
    # Not a wait for something: this is how often an agent is killed, each time at another point of a certificate's life.
    sleep 37
  done
done
bash ../../lib/wait-until.sh 60 bash agents-run.sh
bash look-at-volumes.sh "$1"
