// Expects that every pod is scraped from now on too, after the mesh has become strict.
import { setTimeout as sleep } from "node:timers/promises";
import { ask } from "./ask.mjs";

const since = Date.now() / 1000;
const deadline = since + 30;
for (const query of ["metered_orders_total", "declined_orders_total", 'istio_build{pod=~"echo-.*"}'])
  while ((await ask(`timestamp(${query}) > ${since}`)).length === 0) {
    if (Date.now() / 1000 > deadline) throw new Error(`expected a new value of ${query}`);
    await sleep(500);
  }
const failed = await ask("up == 0");
if (failed.length > 0) throw new Error(`expected all to be scraped: ${JSON.stringify(failed)}`);
process.stdout.write("scraped\n");
