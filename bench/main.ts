import { measureCollections } from "./collections/command.ts";
import { measureFleet } from "./fleet/command.ts";
import { measureLifecycle } from "./lifecycle/command.ts";
import { measureProxy } from "./proxy/command.ts";
import { measurePush } from "./push/command.ts";
import { measureServing } from "./serve/command.ts";
import { measureTranslation } from "./translate/command.ts";

/** `make bench`, `make bench B=proxy` and the like: what is measured, by the first argument. */
const benchmarks: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  translate: measureTranslation,
  collections: measureCollections,
  proxy: measureProxy,
  fleet: measureFleet,
  lifecycle: measureLifecycle,
  serve: measureServing,
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
