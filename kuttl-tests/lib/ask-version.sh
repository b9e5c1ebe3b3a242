#!/usr/bin/env bash
# Asks for a version: ask-version.sh <version>
set -euo pipefail
kubectl patch meshinstall default --type=merge -p "{\"spec\":{\"version\":\"$1\"}}"
