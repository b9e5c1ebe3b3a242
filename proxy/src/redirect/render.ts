import type { Chain, Rule, Ruleset, Verdict } from "./ruleset.ts";

/**
 * Renders a ruleset for `nft -f`. Loading it is atomic and may be repeated: the table is made if it is missing and then
 * replaced as a whole (https://wiki.nftables.org/wiki-nftables/index.php/Atomic_rule_replacement).
 */
export function renderRuleset({ table, chains }: Ruleset): string {
  const body = chains.map(renderChain).join("\n");
  return `add table inet ${table}\ndelete table inet ${table}\ntable inet ${table} {\n${body}}\n`;
}

function renderChain({ name, hook, rules }: Chain): string {
  // -100 is where destination NAT belongs; older nft does not know the word for it in the output hook.
  const entry = hook === undefined ? [] : [`type nat hook ${hook} priority -100; policy accept;`];
  const lines = [...entry, ...rules.map(renderRule)].map((line) => `    ${line}\n`);
  return `  chain ${name} {\n${lines.join("")}  }\n`;
}

function renderRule({ matches, verdict }: Rule): string {
  return [...matches, renderVerdict(verdict)].join(" ");
}

function renderVerdict(verdict: Verdict): string {
  switch (verdict.kind) {
    case "return":
      return "return";
    case "goto":
      return `goto ${verdict.chain}`;
    case "redirect":
      return `redirect to :${verdict.port}`;
  }
}
