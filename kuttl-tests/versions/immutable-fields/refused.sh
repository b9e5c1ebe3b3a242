#!/usr/bin/env bash
# Succeeds when the API server refuses a patch of the MeshInstall with a text: refused.sh <patch> <text>
set -euo pipefail
if said=$(kubectl patch meshinstall default --type=merge -p "$1" 2>&1); then
  echo "expected $1 to be refused: $said"
  exit 1
fi
echo "$said"
grep -F -- "$2" <<<"$said"
