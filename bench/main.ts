import { measureProxy } from "./proxy/command.ts";
import { measurePush } from "./push/command.ts";
import { measureTranslation } from "./translate/command.ts";

/** `make bench` and `make bench B=proxy`: what is measured, by the first argument. */
const benchmarks: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  translate: measureTranslation,
  proxy: measureProxy,
  push: measurePush,
};

const args = process.argv.slice(2);
const [first = "translate"] = args;
const name = first.startsWith("-") ? "translate" : first;
const measure = benchmarks[name];
if (measure === undefined) {
  const names = Object.keys(benchmarks).join(" or ");
  console.error(`cannot run the benchmark: there is no "${name}", name ${names}`);
  process.exit(2);
}
await measure(args.slice(name === args[0] ? 1 : 0));
