#!/usr/bin/env bash
# Succeeds when a pod with any of the values of values.txt is refused by the annotation's name, and one with none of them is
# not: refused.sh <namespace>
set -euo pipefail
create() { # <annotation> <value>
  ANNOTATION=$1 VALUE=$2 node -e '
    const metadata = { name: "hostile", annotations: { [process.env.ANNOTATION]: process.env.VALUE } };
    const spec = { containers: [{ name: "web", image: "example.com/web:1" }] };
    console.log(JSON.stringify({ apiVersion: "v1", kind: "Pod", metadata, spec }));' |
    kubectl create -n "$namespace" --dry-run=server -f - 2>&1
}
namespace=$1
create example.com/other anything
count=0
while IFS=$'\t' read -r annotation value; do
  count=$((count + 1))
  if said=$(create "$annotation" "$value"); then
    echo "expected $annotation=$value to refuse the pod: $said"
    exit 1
  fi
  [[ $said == *"$annotation"* ]] || { echo "expected the refusal to name $annotation: $said"; exit 1; }
  echo "$said"
done <values.txt
[ "$count" -ge 10 ] || { echo "expected ten values or more, found $count"; exit 1; }
