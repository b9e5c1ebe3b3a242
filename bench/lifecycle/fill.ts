import { namespaces, pods, typed } from "@meshwright/kube/resource-types";
import type { KubeObject } from "@meshwright/kube/types";
import type { LifecycleSite } from "./site.ts";

type Shaped = KubeObject & { readonly spec: object };

const atOnce = 20;

/** Adds what is missing to so many namespaces that ask for a revision, and pods that one has injected, spread over all of them. */
export async function fillTo(
  { client, revisions }: Pick<LifecycleSite, "client" | "revisions">,
  size: { readonly namespaces: number; readonly pods: number },
): Promise<void> {
  const revisionOf = (index: number): string => revisions[index % revisions.length] ?? "";
  const nameOf = (index: number): string => `shop-${index % size.namespaces}`;
  const haveNamespaces = await countOf(client.list(namespaces, { labelSelector: "istio.io/rev" }));
  await inParallel(haveNamespaces, size.namespaces, (index) =>
    client.create(namespaces, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: nameOf(index), labels: { "istio.io/rev": revisionOf(index) } },
    }),
  );
  const havePods = await countOf(client.list(pods, { labelSelector: "app=web" }));
  await inParallel(havePods, size.pods, (index) =>
    client.create(typed<Shaped>(pods), {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: `web-${index}`,
        namespace: nameOf(index),
        // It says that it was injected; no webhook answers here that could do it.
        labels: { app: "web", "sidecar.istio.io/inject": "false" },
        annotations: { "istio.io/rev": revisionOf(index) },
      },
      spec: { containers: [{ name: "web", image: "web" }] },
    }),
  );
}

async function countOf(list: Promise<{ readonly items: readonly unknown[] }>): Promise<number> {
  return (await list).items.length;
}

async function inParallel(from: number, to: number, work: (index: number) => Promise<unknown>): Promise<void> {
  for (let start = from; start < to; start += atOnce) {
    const count = Math.min(atOnce, to - start);
    await Promise.all(Array.from({ length: count }, (_, offset) => work(start + offset)));
  }
}
