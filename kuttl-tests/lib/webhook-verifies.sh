#!/usr/bin/env bash
# Succeeds when every replica's injection webhook answers with a certificate that the configured caBundle verifies for
# the name under which the API server calls it.
set -euo pipefail
here=$(dirname "$0")
bundles=$(kubectl get mutatingwebhookconfiguration meshwright-injector-default -o jsonpath='{range .webhooks[*]}{.clientConfig.caBundle}{"\n"}{end}' | sort -u)
if [ -z "$bundles" ] || [ "$(wc -l <<<"$bundles")" != 1 ]; then
  echo "expected one caBundle in all webhooks, found: $bundles"
  exit 1
fi
bundle=$(mktemp)
trap 'rm -f "$bundle"' EXIT
base64 -d <<<"$bundles" >"$bundle"
host=meshd-default.mesh-system.svc
# Pods that are ending have been taken out of the Service already; those that wait for a node have not come into it.
pods=$(kubectl get pods -n mesh-system -l app=meshd,istio.io/rev=default --no-headers \
  --field-selector=status.phase=Running -o custom-columns=NAME:.metadata.name,ENDING:.metadata.deletionTimestamp |
  awk '$2 == "<none>" {print "pod/" $1}')
[ -n "$pods" ] || { echo "no pod of meshd runs"; exit 1; }
for pod in $pods; do
  bash "$here/with-port-forward.sh" mesh-system "$pod" 15017 bash -c \
    "openssl s_client -connect \"\$FORWARDED\" -servername $host -verify_hostname $host -CAfile $bundle -verify_return_error </dev/null" \
    >/dev/null 2>"$bundle.log" || { echo "$pod does not answer with a certificate for $host that the caBundle verifies:"; tail -5 "$bundle.log"; rm -f "$bundle.log"; exit 1; }
  rm -f "$bundle.log"
done
