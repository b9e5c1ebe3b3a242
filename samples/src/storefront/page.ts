import type { Hop, Unreachable } from "./hop.ts";

/** The storefront's page: who answered, and as whom each saw its caller. */
export function page(web: Hop): string {
  const rows = chain(web).map(row).join("\n");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Storefront</title>
<style>
body { font-family: system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 0.4rem 0.8rem; border-bottom: 1px solid #ccc; }
.error { color: #a00; }
</style>
</head>
<body>
<h1>Storefront</h1>
<table>
<tr><th>Application</th><th>Version</th><th>Replica</th><th>Saw its caller as</th></tr>
${rows}
</table>
</body>
</html>
`;
}

function chain(hop: Hop | Unreachable): readonly (Hop | Unreachable)[] {
  return "error" in hop || hop.next === undefined ? [hop] : [hop, ...chain(hop.next)];
}

function row(hop: Hop | Unreachable): string {
  if ("error" in hop) return `<tr><td class="error" colspan="4">${escape(hop.error)}</td></tr>`;
  const cells = [hop.app, hop.version, hop.replica, hop.seenPeer || "(plaintext)"];
  return `<tr>${cells.map((cell) => `<td>${escape(cell)}</td>`).join("")}</tr>`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
