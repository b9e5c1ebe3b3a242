#!/bin/sh
# Builds into a folder, which must exist: build.sh <folder>
#   bin/  the program, with a link for each of its names
#   lib/  Envoy's modules
set -eu
source=$(dirname "$0")
mkdir "$1/bin" "$1/lib"
gcc -static -Os -Wall -Wextra -Werror -s -o "$1/bin/meshwright" "$source"/*.c
for name in cni drain wait; do ln -s meshwright "$1/bin/meshwright-$name"; done
gcc -shared -fPIC -fvisibility=hidden -O2 -fstack-protector-strong -D_FORTIFY_SOURCE=2 -Wl,-z,relro,-z,now \
  -Wall -Wextra -Werror -s -o "$1/lib/libmeshwright_dns.so" "$source/modules/dns.c"
