#!/usr/bin/env bash
# Prints every address of the Services and pods of the suite, as it stands in a URL: addresses.sh <namespace>
set -euo pipefail
{
  kubectl get services -n "$1" -o jsonpath='{range .items[*].spec.clusterIPs[*]}{@}{"\n"}{end}'
  kubectl get pods -n "$1" -l app=echo -o jsonpath='{range .items[*].status.podIPs[*]}{.ip}{"\n"}{end}'
} | grep -v None | sed 's/.*:.*/[&]/'
