#!/usr/bin/env bash
# Sets how long workload certificates live: set-lifetime.sh <seconds>
set -euo pipefail
kubectl patch meshinstall default --type=merge -p "{\"spec\":{\"ca\":{\"workloadLifetimeSeconds\":$1}}}"
kubectl wait meshinstall/default --for=condition=Ready --timeout=120s
