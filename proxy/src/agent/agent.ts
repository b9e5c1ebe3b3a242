import type { Holdings } from "./agent-metrics.ts";
import type { PodToken } from "./token.ts";
import { Volume, type VolumeContext } from "./volume.ts";
import type { VolumeSpec } from "./volume-spec.ts";

/** All volumes of a node, by their mounted root. */
export class Agent {
  readonly #context: VolumeContext;
  readonly #volumes = new Map<string, Volume>();

  constructor(context: VolumeContext) {
    this.#context = context;
  }

  /** Fills a volume, or keeps a filled one. Errors: as Volume.publish. */
  publish(dir: string, spec: VolumeSpec, token: PodToken | undefined): Promise<void> {
    const volume = this.#volumes.get(dir) ?? new Volume(spec, dir, this.#context);
    this.#volumes.set(dir, volume);
    return volume.publish(token);
  }

  /** Ends a volume's renewal; one that is not known counts as ended. */
  async forget(dir: string): Promise<void> {
    const volume = this.#volumes.get(dir);
    this.#volumes.delete(dir);
    await volume?.close();
  }

  /** Ends every renewal; the files stay, and pods go on with them. */
  async close(): Promise<void> {
    await Promise.all([...this.#volumes.keys()].map((dir) => this.forget(dir)));
  }

  holdings(): Holdings {
    const expiries = [...this.#volumes.values()].flatMap(({ notAfter }) => notAfter ?? []);
    const [first] = expiries.toSorted((a, b) => a.getTime() - b.getTime());
    return { volumes: this.#volumes.size, ...(first === undefined ? {} : { firstExpiry: first }) };
  }
}
