import type { OwnedObject } from "../observe/types.ts";
import type { Manifest } from "./manifest.ts";

type Fields = Readonly<Record<string, unknown>>;

const selectors = ["namespaceSelector", "objectSelector"] as const;

/**
 * A manifest with what others rightly decide about its object: see `withTheirWebhooks` and `withTheirReplicas`.
 *
 * @param due all that is applied, in which an autoscaler may stand for a Deployment
 */
export function adopted(manifest: Manifest, actual: OwnedObject | undefined, due: readonly Manifest[]): Manifest {
  if (actual === undefined) return manifest;
  if (manifest.kind === "MutatingWebhookConfiguration") return withTheirWebhooks(manifest, actual);
  const autoscaler = due.find((each) => each.kind === "HorizontalPodAutoscaler" && isScaled(each, manifest));
  return autoscaler === undefined ? manifest : withTheirReplicas(manifest, actual, autoscaler);
}

function isScaled(autoscaler: Manifest, { kind, metadata }: Manifest): boolean {
  return kind === "Deployment" && fieldsOf(fieldsOf(autoscaler["spec"])["scaleTargetRef"])["name"] === metadata.name;
}

/**
 * The replicas that an autoscaler has decided on. To leave the field out instead would give it up, and the API server would
 * then make it 1 until the autoscaler looks again.
 */
function withTheirReplicas(manifest: Manifest, actual: OwnedObject, autoscaler: Manifest): Manifest {
  const { minReplicas, maxReplicas } = fieldsOf(autoscaler["spec"]);
  const spec = fieldsOf(manifest["spec"]);
  const { replicas } = fieldsOf(actual["spec"]);
  const isTheirs = typeof replicas === "number" && replicas >= Number(minReplicas) && replicas <= Number(maxReplicas);
  return isTheirs ? { ...manifest, spec: { ...spec, replicas } } : manifest;
}

/**
 * A webhook's manifest with what others have added to the object: requirements in its selectors, as AKS adds one to every
 * webhook, and certificates beside the root in its caBundle. A selector and a caBundle have one owner in the API, so that
 * without them every apply would take theirs away, and theirs ours.
 */
function withTheirWebhooks(manifest: Manifest, actual: OwnedObject): Manifest {
  const theirs = recordsOf(actual["webhooks"]);
  const webhooks = recordsOf(manifest["webhooks"]).map((own) => {
    const other = theirs.find(({ name }) => name === own["name"]);
    return other === undefined ? own : withTheirs(own, other);
  });
  return { ...manifest, webhooks };
}

function withTheirs(own: Fields, other: Fields): Fields {
  const merged = selectors.map((field) => [field, selector(fieldsOf(own[field]), fieldsOf(other[field]))] as const);
  const clientConfig = {
    ...fieldsOf(own["clientConfig"]),
    ...caBundle(fieldsOf(own["clientConfig"]), fieldsOf(other["clientConfig"])),
  };
  return { ...own, ...Object.fromEntries(merged), clientConfig };
}

/** Ours first, in our order; then what they added. A requirement of ours on another key would change whom we inject. */
function selector(own: Fields, other: Fields): Fields {
  const ours = expressions(own);
  const keys = new Set(ours.map((each) => each["key"]));
  const added = expressions(other).filter((each) => !keys.has(each["key"]));
  return { ...other, ...own, matchExpressions: [...ours, ...added] };
}

/** Theirs, when ours is in it. */
function caBundle(own: Fields, other: Fields): Fields {
  const [ours, theirs] = [pem(own["caBundle"]), pem(other["caBundle"])];
  return theirs.includes(ours.trim()) ? { caBundle: other["caBundle"] } : {};
}

function pem(encoded: unknown): string {
  return typeof encoded === "string" ? Buffer.from(encoded, "base64").toString() : "";
}

function expressions(labelSelector: Fields): readonly Fields[] {
  return recordsOf(labelSelector["matchExpressions"]);
}

function recordsOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
