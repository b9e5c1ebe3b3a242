#!/usr/bin/env bash
# Makes containers of the probed pod fail, or be well again: set-failing.sh <namespace> true|false <container>...
set -euo pipefail
action='fs.rmSync(file, { force: true })'
[ "$2" = true ] && action='fs.writeFileSync(file, "")'
kubectl exec -n "$1" deployment/probed -c host -- \
  node -e "for (const kind of process.argv.slice(1)) { const file = '/failing/' + kind; $action; }" "${@:3}"
