import { z } from "zod";
import type { Outcome } from "./inject/inject.ts";
import { type Pod, podSchema } from "./inject/pod.ts";
import { RequestError } from "./request-error.ts";

const apiVersion = "admission.k8s.io/v1";
const kind = "AdmissionReview";

/** The part of an admission request that injection reads. */
export interface AdmissionRequest {
  readonly uid: string;
  readonly namespace: string;
  readonly pod: Pod;
  /** Whether nothing will be created. */
  readonly isDryRun: boolean;
}

/** The answer to a review. Source: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#response */
export interface AdmissionReview {
  readonly apiVersion: typeof apiVersion;
  readonly kind: typeof kind;
  readonly response: AdmissionResponse;
}

interface AdmissionResponse {
  readonly uid: string;
  readonly allowed: boolean;
  readonly patchType?: "JSONPatch";
  /** Base64 of the JSON Patch. */
  readonly patch?: string;
  readonly warnings?: readonly string[];
  readonly status?: { readonly code: number; readonly reason: string; readonly message: string };
}

const reviewSchema = z.object({
  apiVersion: z.literal(apiVersion),
  kind: z.literal(kind),
  request: z.object({
    uid: z.string().min(1).max(128),
    namespace: z.string().min(1).max(63),
    resource: z.object({ group: z.literal(""), resource: z.literal("pods") }),
    object: podSchema,
    dryRun: z.boolean().default(false),
  }),
});

/**
 * Reads the creation of a pod from a review's body.
 *
 * Errors: `BadRequest` naming the field that is wrong.
 */
export function readReview(body: string): AdmissionRequest {
  const review = reviewSchema.safeParse(parseJson(body));
  if (!review.success) throw new RequestError("BadRequest", `cannot read AdmissionReview: ${problem(review.error)}`);
  const { uid, namespace, object, dryRun } = review.data.request;
  return { uid, namespace, pod: object, isDryRun: dryRun };
}

/** Puts what became of a pod into the API server's words. */
export function answerReview(uid: string, outcome: Outcome): AdmissionReview {
  return { apiVersion, kind, response: { uid, ...response(outcome) } };
}

function response(outcome: Outcome): Omit<AdmissionResponse, "uid"> {
  switch (outcome.kind) {
    case "skipped":
      return { allowed: true, ...(outcome.warning !== undefined && { warnings: [outcome.warning] }) };
    case "refused":
      return { allowed: false, status: { code: 422, reason: "Invalid", message: outcome.message } };
    case "injected": {
      const patch = Buffer.from(JSON.stringify(outcome.patch)).toString("base64");
      const { warnings } = outcome;
      return { allowed: true, patchType: "JSONPatch", patch, ...(warnings.length > 0 && { warnings }) };
    }
  }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new RequestError("BadRequest", "body is not JSON", { cause });
  }
}

function problem({ issues }: z.core.$ZodError): string {
  return issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
}
