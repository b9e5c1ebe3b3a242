import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubeClient } from "@meshwright/kube/client";
import { loadConnection } from "@meshwright/kube/connection";
import { createKubeClient } from "@meshwright/kube/kube-client";
import { startApiServer } from "@meshwright/testing/api-server";
import { istioNamespace } from "../istio/istiod.ts";
import { createNamespaces, createServices } from "../mesh/fill-cluster.ts";
import { type MeshService, meshServices } from "../mesh/objects.ts";
import type { Contender, ContenderName } from "./contender.ts";
import { istio } from "./contenders/istio.ts";
import { createSettings, meshwright, meshwrightNamespace } from "./contenders/meshwright.ts";
import { createSite, type Site } from "./contenders/site.ts";
import { envoyNode } from "./envoy-node.ts";
import { type CellResult, type Effort, measureCell } from "./measure/cell.ts";
import type { Cell } from "./plan.ts";
import { Certificates } from "./proxy-specs.ts";

export interface RunOptions {
  readonly cells: readonly Cell[];
  readonly effort: Effort;
  readonly endpointsPerService: number;
  readonly namespaces: number;
  /** Our bundled process. */
  readonly meshd: string;
  /** Absent when no cell needs it. */
  readonly istiod?: string;
  /** Folder for CPU profiles of ours. */
  readonly profile?: string;
  /** Told what is being done. */
  readonly note: (what: string) => void;
  /** Told of every cell that was measured. */
  readonly onResult: (result: CellResult) => void;
}

/** Measures all cells before one API server, whose mesh grows from cell to cell. */
export async function runCells(options: RunOptions): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.adopt(mkdtempSync(join(tmpdir(), "push-")), (path) => rmSync(path, { recursive: true }));
  options.note("API server");
  const apiServer = stack.adopt(await startApiServer(), (server) => server.stop());
  const kube = createKubeClient({ connection: loadConnection(apiServer.kubeconfig), userAgent: "meshwright-bench" });
  const mesh = new Mesh(kube, options);
  await mesh.begin();
  const site = await createSite(apiServer.kubeconfig, folder);
  const certificates = new Certificates(site.authority);
  const node = await envoyNode();
  for (const cell of options.cells) {
    const services = await mesh.grow(cell.services);
    options.note(`${cell.contender}: ${cell.services} services, ${cell.proxies} proxies`);
    const contender = contenderOf(cell.contender, site, options);
    options.onResult(
      await measureCell(cell, { contender, services, kube, certificates, node, effort: options.effort }),
    );
  }
}

function contenderOf(name: ContenderName, site: Site, { meshd, istiod, profile }: RunOptions): Contender {
  if (name === "meshwright")
    return meshwright({ ...site, program: meshd, ...(profile === undefined ? {} : { profile }) });
  if (istiod === undefined) throw new Error(`cannot start ${name}: istiod was not built`);
  return istio(name, { ...site, binary: istiod });
}

/** The mesh in the API server. */
class Mesh {
  readonly #kube: KubeClient;
  readonly #options: RunOptions;
  #services: readonly MeshService[] = [];

  constructor(kube: KubeClient, options: RunOptions) {
    this.#kube = kube;
    this.#options = options;
  }

  async begin(): Promise<void> {
    await createNamespaces(this.#kube, this.#sizeOf(0), [meshwrightNamespace, istioNamespace]);
    await createSettings(this.#kube);
  }

  /** Adds what is missing to a number of Services; returns all. */
  async grow(number: number): Promise<readonly MeshService[]> {
    const all = meshServices(this.#sizeOf(number));
    if (all.length > this.#services.length) this.#options.note(`objects of ${number} services`);
    await createServices(this.#kube, all.slice(this.#services.length));
    this.#services = all;
    return all;
  }

  #sizeOf(services: number) {
    const { endpointsPerService, namespaces } = this.#options;
    return { services, endpointsPerService, namespaces };
  }
}
