#!/usr/bin/env bash
# Succeeds when the operator undoes what somebody does to an object of the mesh: a changed field is as before, and a deleted object is
# there again, with that field. The API server's audit log must name the operator each time:
# put-back.sh <resource> <name> <namespace, or - for none> <jsonpath of the field> <merge patch that changes it>
set -euo pipefail
here=$(dirname "$0")
resource=$1 name=$2 path=$4 patch=$5
where=(); what="$resource[^ ]* $name"
[ "$3" = - ] || { where=(-n "$3"); what="$resource[^ ]* $3/$name"; }
read_field() { kubectl get "$resource" "$name" "${where[@]}" -o jsonpath="{$path}"; }
wanted=$(read_field)
[ -n "$wanted" ] || { echo "$resource $name has no field $path"; exit 1; }
uid=$(kubectl get "$resource" "$name" "${where[@]}" -o jsonpath='{.metadata.uid}')

is_back() { [ "$(read_field)" = "$wanted" ] || { echo "$path is: $(read_field)"; return 1; }; }
is_new() {
  local now
  now=$(kubectl get "$resource" "$name" "${where[@]}" -o jsonpath='{.metadata.uid}')
  [ -n "$now" ] && [ "$now" != "$uid" ] && is_back
}
was_done() { node "$here/audit.mjs" "$1" "^meshwright-operator $2 $what 20[01]" | grep -q .; }
until_true() { SECONDS=0; until "$@"; do [ "$SECONDS" -lt 60 ] || { echo "gave up on: $*"; exit 1; }; sleep 0.2; done; }

began=$(bash "$here/now.sh")
kubectl patch "$resource" "$name" "${where[@]}" --type=merge --field-manager=somebody -p "$patch" -o jsonpath='{.metadata.name}{"\n"}'
until_true is_back
was_done "$began" patch || { echo "the audit log has no patch of $what by the operator since $began"; exit 1; }

began=$(bash "$here/now.sh")
kubectl delete "$resource" "$name" "${where[@]}" --timeout=60s
until_true is_new
was_done "$began" patch || { echo "the audit log has no new $what by the operator since $began"; exit 1; }
kubectl wait meshinstall/default --for=condition=Ready --timeout=100s
