#!/usr/bin/env bash
set -euo pipefail
webhook=mutatingwebhookconfiguration/meshwright-injector-default
webhooks() { kubectl get "$webhook" -o jsonpath="$1"; }
set_all() { # <JSON path of the field below a webhook> <value>
  local patch
  patch=$(seq 0 "$(($(webhooks '{.webhooks[*].name}' | wc -w) - 1))" |
    sed "s|.*|{\"op\":\"add\",\"path\":\"/webhooks/&/$1\",\"value\":\"$2\"}|" | paste -sd,)
  kubectl patch "$webhook" --type=json --field-manager=somebody -p "[$patch]"
}

ours=$(webhooks '{.webhooks[0].clientConfig.caBundle}' | base64 -d)
theirs=$(openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -subj /CN=other -days 1 2>/dev/null)
both=$(printf '%s\n%s\n' "$ours" "$theirs" | base64 -w0)
since=$(bash ../../lib/now.sh)
set_all clientConfig/caBundle "$both"
set_all failurePolicy Ignore
bash ../../lib/reconciled.sh
[ "$(webhooks '{.webhooks[0].clientConfig.caBundle}')" = "$both" ] || { echo "the added certificate is gone"; exit 1; }
[ "$(webhooks '{.webhooks[*].failurePolicy}' | tr ' ' '\n' | sort -u)" = Ignore ] || { echo "failurePolicy was put back"; exit 1; }
bash ../../lib/expect-untouched.sh "$since" mutatingwebhookconfigurations
bash ../../lib/webhook-verifies.sh

set_all clientConfig/caBundle "$(base64 -w0 <<<"$theirs")"
bash ../../lib/wait-until.sh 30 bash ../../lib/webhook-verifies.sh
set_all failurePolicy Fail
