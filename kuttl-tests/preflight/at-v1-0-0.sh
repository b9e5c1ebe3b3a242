#!/usr/bin/env bash
# Makes sure of a mesh at v1.0.0 whose operator knows what changes with v1.1.0; nothing to do when it is there.
set -euo pipefail
bash ../../lib/catalogue.sh preflight
version=$(kubectl get meshinstall default -o jsonpath='{.status.version}' --ignore-not-found)
[ "$version" = v1.0.0 ] || bash ../../lib/fresh-mesh.sh v1.0.0 InPlace
bash ../../lib/ask-version.sh v1.0.0
bash ../../lib/wait-version.sh v1.0.0 default
