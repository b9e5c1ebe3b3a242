#!/usr/bin/env bash
# Succeeds when a load client has sent so many requests and none of them failed:
# expect-load.sh <namespace> <requests> [<workload>]
set -euo pipefail
report=$(bash "$(dirname "$0")/load-report.sh" "$1" "${3:-load}")
echo "$report"
[[ $report =~ \"failed\":\ *([0-9]+) ]] && failed=${BASH_REMATCH[1]}
[[ $report =~ \"sent\":\ *([0-9]+) ]] && sent=${BASH_REMATCH[1]}
if [ "${failed:-unknown}" != 0 ]; then
  echo "expected no failed request"
  exit 1
fi
if [ "${sent:-0}" -lt "$2" ]; then
  echo "expected $2 requests or more"
  exit 1
fi
