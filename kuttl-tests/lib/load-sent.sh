#!/usr/bin/env bash
# Prints how many requests the load client has sent: load-sent.sh <namespace>
set -euo pipefail
report=$(bash "$(dirname "$0")/load-report.sh" "$1")
[[ $report =~ \"sent\":\ *([0-9]+) ]]
echo "${BASH_REMATCH[1]}"
