#!/bin/sh
# Builds the program into a folder, which must exist, with a link for each of its names: build.sh <folder>
set -eu
gcc -static -Os -Wall -Wextra -Werror -s -o "$1/meshwright" "$(dirname "$0")"/*.c
for name in cni drain wait; do ln -s meshwright "$1/meshwright-$name"; done
