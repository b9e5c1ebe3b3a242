// Expects that every pod is still scraped, after the mesh has become strict.
import { ask } from "./ask.mjs";

const failed = await ask("up == 0");
if (failed.length > 0) throw new Error(`expected all to be scraped: ${JSON.stringify(failed)}`);
for (const query of ["metered_orders_total", 'istio_build{pod=~"echo-.*"}'])
  if ((await ask(`${query} and (time() - timestamp(${query}) < 10)`)).length === 0)
    throw new Error(`expected a fresh value: ${query} has none`);
console.log("scraped");
