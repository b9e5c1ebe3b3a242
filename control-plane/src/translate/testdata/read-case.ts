import type { KubeObject } from "@meshwright/kube/types";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import type { MeshSettings } from "../../model/mesh-settings.ts";
import type { ProxyTraits } from "../../serve/view.ts";

/** First document of a case: what deviates from the defaults, and whose view it is about. */
const header = z.strictObject({
  settings: z
    .strictObject({
      trustDomain: z.string(),
      clusterDomain: z.string(),
      mtls: z.enum(["strict", "permissive"]),
      outboundTraffic: z.enum(["allowAny", "registryOnly"]),
      accessLog: z.discriminatedUnion("kind", [
        z.strictObject({ kind: z.enum(["none", "default"]) }),
        z.strictObject({ kind: z.literal("format"), format: z.string() }),
      ]),
      countsAttempts: z.boolean(),
    })
    .partial()
    .default({}),
  /** `namespace/name` of the pod whose proxy asks. */
  proxy: z.string(),
  /** What the proxy says of itself. */
  ipStack: z.enum(["ipv4", "dual"]).default("dual"),
  capturesDns: z.boolean().default(false),
});

export const defaultSettings: MeshSettings = {
  trustDomain: "cluster.local",
  clusterDomain: "cluster.local",
  mtls: "permissive",
  outboundTraffic: "allowAny",
  accessLog: { kind: "none" },
  countsAttempts: true,
};

/** A mesh as its watches see it, and the pod whose proxy asks. */
export interface TranslationCase {
  readonly settings: MeshSettings;
  readonly proxy: string;
  readonly traits: ProxyTraits;
  readonly objects: readonly KubeObject[];
}

/** Reads a case: a header, then Kubernetes objects. */
export function readCase(input: string): TranslationCase {
  const [first, ...objects] = parseAllDocuments(input).map((document): unknown => document.toJS());
  const { settings, proxy, ...traits } = header.parse(first);
  const overrides = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
  return { settings: { ...defaultSettings, ...overrides }, proxy, traits, objects: objects.map(readObject) };
}

/** Readers check what they need of an object, as they do with those of an API server. */
function readObject(value: unknown): KubeObject {
  return z.custom<KubeObject>((object) => kubeObject.safeParse(object).success).parse(value);
}

const kubeObject = z.looseObject({ kind: z.string(), metadata: z.looseObject({ name: z.string() }) });
