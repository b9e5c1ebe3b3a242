import assert from "node:assert/strict";
import type { KubeClient } from "@meshwright/kube/client";
import { pods, typed } from "@meshwright/kube/resource-types";
import type { KubeObject, ObjectKey, ResourceType } from "@meshwright/kube/types";
import { until } from "@meshwright/testing/until";
import {
  managedType,
  meshInstallType,
  meshRevisionTagType,
  meshRevisionType,
  ownedTypes,
} from "../api/managed-types.ts";
import { apiVersion, type MeshInstall } from "../api/mesh-install.ts";
import type { MeshRevision, MeshRevisionTag } from "../api/mesh-revision.ts";
import type { Condition } from "../api/status-fields.ts";
import { completeCounts } from "./play-controllers.ts";

type Shaped = KubeObject & { readonly spec: object };

/** How long anything that a test waits for may take. */
export const waiting = { timeoutMs: 30_000 };

const meshedPod = { name: "meshed", namespace: "default" };

/** What the controllers and a kubelet would say of complete rollouts, in their order: there are none in these tests. */
const completed = (revision: string): readonly (readonly [kind: string, name: string, counts: object])[] => [
  ["DaemonSet", "meshwright-node-agent", completeCounts("DaemonSet")],
  ["Deployment", `meshd-${revision}`, completeCounts("Deployment", 2)],
];

/** What a user and the cluster do around the operator, and what they see. */
export class Mesh {
  readonly #client: KubeClient;

  constructor(client: KubeClient) {
    this.#client = client;
  }

  /** Creates a MeshInstall as a user writes it; the API server adds what is left out. */
  async install(name: string, spec: object = {}): Promise<void> {
    await this.#client.create(typed<Shaped>(meshInstallType), {
      apiVersion,
      kind: "MeshInstall",
      metadata: { name },
      spec,
    });
  }

  async uninstall(name: string): Promise<void> {
    await this.#client.delete(meshInstallType, { name });
  }

  async patchSpec(name: string, spec: object): Promise<void> {
    await this.#client.patch(meshInstallType, { name }, { spec });
  }

  async find(name: string): Promise<MeshInstall | undefined> {
    return this.#client.get<MeshInstall>(meshInstallType, { name });
  }

  async read(name: string): Promise<MeshInstall> {
    const install = await this.find(name);
    assert.ok(install !== undefined, `no MeshInstall "${name}"`);
    return install;
  }

  /** Waits until a condition has a reason, and returns it. */
  async condition(name: string, type: string, reason: string): Promise<Condition> {
    let last: Condition | undefined;
    const holds = async (): Promise<boolean> => {
      last = (await this.read(name)).status?.conditions?.find((condition) => condition.type === type);
      return last?.reason === reason;
    };
    await until(`${type} of "${name}" for the reason ${reason}`, holds, {
      ...waiting,
      show: () => JSON.stringify(last),
    });
    assert.ok(last !== undefined);
    return last;
  }

  async untilGone(name: string): Promise<void> {
    await until(`the MeshInstall "${name}" is gone`, async () => (await this.find(name)) === undefined, waiting);
  }

  async exists(kind: string, name: string, namespace?: string): Promise<boolean> {
    return (await this.#client.get(typeOf(kind), keyOf(name, namespace))) !== undefined;
  }

  /** Every object that the operator manages. */
  async owned(): Promise<readonly KubeObject[]> {
    const labelSelector = "meshwright.dev/install";
    const lists = await Promise.all(ownedTypes.map((type) => this.#client.list(type, { labelSelector })));
    return lists.flatMap((list) => list.items);
  }

  async revision(name: string): Promise<MeshRevision | undefined> {
    return this.#client.get(typed<MeshRevision>(meshRevisionType), { name });
  }

  async tag(name: string): Promise<MeshRevisionTag | undefined> {
    return this.#client.get(typed<MeshRevisionTag>(meshRevisionTagType), { name });
  }

  /** Creates a tag that follows the MeshInstall "default". */
  async createTag(name: string): Promise<void> {
    const spec = { targetRef: { kind: "MeshInstall", name: "default" } };
    await this.#client.create(typed<Shaped>(meshRevisionTagType), {
      apiVersion,
      kind: "MeshRevisionTag",
      metadata: { name },
      spec,
    });
  }

  /** Waits until something that is read again and again is as wanted; errors show what it was last. */
  async seen<T>(what: string, read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
    let last: { readonly value: T } | undefined;
    const isSeen = async (): Promise<boolean> => {
      last = { value: await read() };
      return holds(last.value);
    };
    await until(what, isSeen, { ...waiting, show: () => JSON.stringify(last) });
    assert.ok(last !== undefined);
    return last.value;
  }

  async remove(kind: string, name: string, namespace?: string): Promise<void> {
    await this.#client.delete(typeOf(kind), keyOf(name, namespace));
  }

  /** Changes a managed object by hand and waits until the operator has undone it. */
  async untilPutBack(change: object, kind: string, name: string, namespace?: string): Promise<void> {
    const [type, key] = [typeOf(kind), keyOf(name, namespace)];
    const content = async () => JSON.stringify({ ...(await this.#client.get(type, key)), metadata: {}, status: {} });
    const before = await content();
    await this.#client.patch(type, key, change);
    await until(`${kind} ${name} is put back`, async () => (await content()) === before, waiting);
  }

  /** The node agent's, and those of a revision. */
  async completeRollouts(revision = "default"): Promise<void> {
    for (const [kind, name, counts] of completed(revision)) {
      const [type, key] = [typeOf(kind), keyOf(name, "mesh-system")];
      await until(`${kind} ${name} exists`, () => this.exists(kind, name, key.namespace), waiting);
      const object = await this.#client.get(type, key);
      const status = { ...counts, observedGeneration: object?.metadata.generation };
      await this.#client.patch(type, key, { status }, { subresource: "status" });
    }
  }

  /** Annotations of the node agent's DaemonSet. */
  async nodeAgent(): Promise<{ readonly annotations: Readonly<Record<string, string>> }> {
    const agent = await this.#client.get(typeOf("DaemonSet"), keyOf("meshwright-node-agent", "mesh-system"));
    return { annotations: agent?.metadata.annotations ?? {} };
  }

  /** A pod with the volume of the node agent's driver; nothing ever starts it. */
  async createMeshedPod(volumeAttributes: Readonly<Record<string, string>> = {}): Promise<void> {
    const volumes = [{ name: "meshwright", csi: { driver: "identity.meshwright.dev", volumeAttributes } }];
    const spec = { containers: [{ name: "app", image: "app" }], volumes };
    await this.#client.create(typed<Shaped>(pods), { apiVersion: "v1", kind: "Pod", metadata: meshedPod, spec });
  }

  async deleteMeshedPod(): Promise<void> {
    await this.#client.delete(pods, meshedPod, { gracePeriodSeconds: 0 });
  }
}

function typeOf(kind: string): ResourceType {
  const type = managedType(kind);
  assert.ok(type !== undefined, kind);
  return type;
}

function keyOf(name: string, namespace: string | undefined): ObjectKey {
  return namespace === undefined ? { name } : { name, namespace };
}
