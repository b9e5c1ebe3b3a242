#!/usr/bin/env bash
# Succeeds when the caller is told at once that there is no server, instead of being left waiting: expect-no-server.sh <namespace>
set -euo pipefail
if seen=$(bash ../../lib/call.sh "$1" client http echo:8080); then
  echo "expected no server: $seen"
  exit 1
fi
[[ $seen == *'"status":"503"'* ]] || { echo "expected status 503: $seen"; exit 1; }
