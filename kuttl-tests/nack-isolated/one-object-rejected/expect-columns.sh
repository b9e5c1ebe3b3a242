#!/usr/bin/env bash
# Succeeds when the columns of kubectl have so many proxies that reject, and as many fewer on target than connected:
# expect-columns.sh <rejecting>
set -euo pipefail
table=$(kubectl get meshinstall default)
echo "$table"
[[ $table =~ CONNECTED\ +ON\ TARGET\ +STALE\ +REJECTING ]]
counts=$(kubectl get meshinstall default -o jsonpath='{.status.proxies.connected} {.status.proxies.onTarget} {.status.proxies.rejecting}')
read -r connected onTarget rejecting <<<"$counts"
[ "$rejecting" = "$1" ] && [ "$((connected - onTarget))" = "$1" ] && [ "$connected" -ge 3 ]
