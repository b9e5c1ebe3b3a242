#!/usr/bin/env bash
# Succeeds when the mesh's condition ProxiesHealthy has a status and a reason, and its message the words given:
# expect-proxies.sh <True|False|Unknown> <reason> [<word>...]
set -euo pipefail
condition='{.status.conditions[?(@.type=="ProxiesHealthy")]'
said=$(kubectl get meshinstall default -o jsonpath="$condition.status} $condition.reason} $condition.message}")
echo "$said"
[[ $said == "$1 $2 "* ]]
for word in "${@:3}"; do grep -qF -- "$word" <<<"$said"; done
