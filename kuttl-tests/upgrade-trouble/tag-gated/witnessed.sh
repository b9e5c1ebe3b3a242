#!/usr/bin/env bash
# Succeeds when every pod that the witness created got a sidecar, first of the old revision, then of the new one: witnessed.sh <namespace>
set -euo pipefail
seen=/tmp/meshwright-witness-$1
counts=$(uniq -c "$seen")
echo "$counts"
[ "$(awk '{print $2}' <<<"$counts" | paste -sd' ')" = "default-v1-1-0 default-v1-2-0" ]
[ -z "$(awk '$1 < 10' <<<"$counts")" ] # of either revision enough to have been looking all the while
