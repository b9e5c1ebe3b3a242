#!/usr/bin/env bash
# Has the operator look at the mesh so often, without anything to do, by labels of a namespace: reconcile-often.sh <namespace> <times>
set -euo pipefail
here=$(dirname "$0")
count() { bash "$here/reconciles.sh"; }
# Who leads may just have changed.
bash "$here/wait-until.sh" 60 bash "$here/reconciles.sh" >/dev/null
wanted=$(($(count) + $2))
for round in $(seq 1 "$((20 * $2))"); do
  kubectl label namespace "$1" "meshwright.test/round=$round" --overwrite >/dev/null
  [ "$((round % $2))" != 0 ] || [ "$(count)" -lt "$wanted" ] || exit 0
done
echo "the operator reconciled $(count) times, not $wanted"
exit 1
