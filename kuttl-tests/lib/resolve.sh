#!/usr/bin/env bash
# Resolves a name in a workload's pod and prints what came of it, sorted, one a line, an error as its code:
# resolve.sh <namespace> <workload> <lookup|A|AAAA|CNAME|PTR|SRV|TXT> <name>
# lookup is what the C library does, with the search list; the others are one query each.
set -euo pipefail
bash "$(dirname "$0")/in-pod.sh" "$1" "$2" node -e '
  const dns = require("node:dns").promises;
  const [how, name] = process.argv.slice(1);
  const resolver = new dns.Resolver({ timeout: 2000, tries: 1 });
  const found = how === "lookup" ? dns.lookup(name, { all: true }) : resolver.resolve(name, how);
  const show = (value) => (typeof value === "string" ? value : (value.address ?? value.name ?? JSON.stringify(value)));
  found.then(
    (values) => console.log(values.map(show).toSorted().join("\n")),
    (error) => console.log(error.code),
  );' "$3" "$4"
