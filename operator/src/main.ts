import { readFile } from "node:fs/promises";
import library from "@dot-i/k8s-operator";
import type { KubeClient } from "@meshwright/kube/client";
import { loadConnection } from "@meshwright/kube/connection";
import { createKubeClient } from "@meshwright/kube/kube-client";
import { electLeader, type LeaderElection } from "@meshwright/kube/leader-election";
import { logCrashes } from "@meshwright/log/crashes";
import { createLogger, type Logger } from "@meshwright/log/logger";
import { startMonitoring } from "@meshwright/metrics/monitoring-server";
import { createRegistry } from "@meshwright/metrics/registry";
import { versions } from "./api/gen/versions.ts";
import { type ControllerOptions, runMeshInstallController } from "./controllers/mesh-install-controller.ts";
import { registerOperatorMetrics } from "./controllers/metrics.ts";
import { type Options, readOptions } from "./controllers/options.ts";
import { readCatalogue } from "./controllers/read-catalogue.ts";
import { ownRegistry } from "./observe/own-registry.ts";

const lease = "meshwright-operator";

/** Where `make images` puts what it builds. */
const developmentRegistry = "localhost";

/**
 * The operator's process. From the library it takes the life cycle and the logger only: its watches end the process on an
 * error and lose deletions, so list-watch, status and finalizers are ours.
 */
class MeshwrightOperator extends library.default {
  readonly #options: Options;
  readonly #log: Logger;
  readonly #end = new AbortController();
  #election: LeaderElection | undefined;

  constructor(options: Options, log: Logger) {
    const line = (level: "debug" | "info" | "warn" | "error") => (detail: string) =>
      log[level]({ detail }, "lifecycle");
    super({ debug: line("debug"), info: line("info"), warn: line("warn"), error: line("error") });
    this.#options = options;
    this.#log = log;
  }

  protected override async init(): Promise<void> {
    const { version, monitoringPort: port } = this.#options;
    const { signal } = this.#end;
    const client = createKubeClient({ connection: loadConnection(), userAgent: `meshwright-operator/${version}` });
    const registry = createRegistry();
    const isLeader = (): boolean => this.#election?.isLeader() === true;
    const metrics = registerOperatorMetrics(registry, isLeader);
    await startMonitoring({ port, ready: () => true, version, registry, signal });
    const controller = await this.#controllerOptions(client);
    this.#elect(client, (term) => runMeshInstallController({ ...controller, isLeader, metrics }, term));
  }

  async #controllerOptions(client: KubeClient): Promise<Omit<ControllerOptions, "isLeader" | "metrics">> {
    const { namespace, instance, webhookAddress, debugAddress, versionsFile } = this.#options;
    const { debugTokenFile: tokenFile } = this.#options;
    const pod = { name: instance, namespace };
    const registry = this.#options.registry ?? (await ownRegistry(client, pod)) ?? developmentRegistry;
    const catalogue = versionsFile === undefined ? versions : readCatalogue(await readFile(versionsFile, "utf8"));
    const settings = { catalogue, registry, namespace };
    const address = webhookAddress === undefined ? {} : { webhookAddress };
    const fleet = { tokenFile, ...(debugAddress === undefined ? {} : { address: debugAddress }) };
    return { client, logger: this.#log, settings, instance, fleet, ...address };
  }

  #elect(client: KubeClient, lead: (term: AbortSignal) => Promise<void>): void {
    const { namespace, instance: identity } = this.#options;
    const { signal } = this.#end;
    this.#election = electLeader({
      client,
      lease: { name: lease, namespace },
      identity,
      logger: this.#log,
      signal,
      lead,
    });
  }

  /** Ends the work at hand, then gives the lease back, so that the other replica takes over at once. */
  async end(): Promise<void> {
    this.#end.abort();
    await this.#election?.done;
    this.stop();
  }
}

const options = readOptions(process.argv.slice(2), process.env);
const logger = createLogger("operator", options.logLevel);
const operator = new MeshwrightOperator(options, logger);

logCrashes(logger);
for (const name of ["SIGTERM", "SIGINT"] as const) {
  process.once(name, () => {
    logger.info({ signal: name }, "ending");
    void operator.end().then(() => process.exit(0));
  });
}

await operator.start();
logger.info({ version: options.version }, "started");
