#!/usr/bin/env bash
# Prints how many reconciles the operator that leads has ended.
set -euo pipefail
here=$(dirname "$0")
leader=$(kubectl get lease meshwright-operator -n meshwright-operator -o jsonpath='{.spec.holderIdentity}')
bash "$here/with-port-forward.sh" meshwright-operator "pod/$leader" 15014 \
  bash -c 'curl -sf "http://$FORWARDED/metrics" | awk "/^meshwright_operator_reconciles_total/ {sum += \$2} END {print sum + 0}"'
