import type { Chain, Rule, Ruleset, Verdict } from "./ruleset.ts";

/**
 * Renders a ruleset for `nft -f`. Loading it is atomic and may be repeated: the table is made if it is missing and then
 * replaced as a whole (https://wiki.nftables.org/wiki-nftables/index.php/Atomic_rule_replacement).
 */
export function renderRuleset({ table, chains }: Ruleset): string {
  const body = chains.map(renderChain).join("\n");
  return `add table inet ${table}\ndelete table inet ${table}\ntable inet ${table} {\n${body}}\n`;
}

/** -100 is where destination NAT belongs, -300 is before connections are tracked; older nft does not know all the words. */
const priorities = { nat: -100, filter: -300 } as const;

function renderChain({ name, hook, rules }: Chain): string {
  const entry =
    hook === undefined ? [] : [`type ${hook.type} hook ${hook.name} priority ${priorities[hook.type]}; policy accept;`];
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
    case "notrack":
      return "notrack";
    case "redirect":
      return `redirect to :${verdict.port}`;
  }
}
