import { type StatusObject, type sendUnaryData, status } from "@grpc/grpc-js";
import { AgentError, type AgentErrorReason } from "../agent/agent-error.ts";
import { VolumeError, type VolumeErrorReason } from "./volume-error.ts";

/**
 * Kubelet tries again whatever the code, but after some of them (UNAVAILABLE among them) it assumes that the volume may be
 * there and asks to unpublish it, which we bear.
 * Source: https://github.com/container-storage-interface/spec/blob/v1.11.0/spec.md#error-scheme
 */
const codes: Readonly<Record<AgentErrorReason | VolumeErrorReason, status>> = {
  TokenMissing: status.FAILED_PRECONDITION,
  TokenExpired: status.UNAVAILABLE,
  RootUnreadable: status.UNAVAILABLE,
  ControlPlaneUnreachable: status.UNAVAILABLE,
  CertificateRefused: status.PERMISSION_DENIED,
  CertificateUnusable: status.INTERNAL,
  InvalidArgument: status.INVALID_ARGUMENT,
  MountFailed: status.INTERNAL,
  CniMissing: status.UNAVAILABLE,
};

/** The status by which kubelet learns of an error; its text becomes an Event of the pod. */
export function rpcStatus(error: unknown): Pick<StatusObject, "code" | "details"> {
  if (error instanceof AgentError || error instanceof VolumeError)
    return { code: codes[error.reason], details: error.message };
  if (error instanceof Error && error.name === "AbortError")
    return {
      code: status.UNAVAILABLE,
      details: "cannot serve volume: the node agent is stopping: kubelet tries again",
    };
  return {
    code: status.INTERNAL,
    details: `cannot serve volume: ${error instanceof Error ? error.message : String(error)}`,
  };
}

/** Answers a call with what a task gives, or with its error. Never rejects. */
export async function answer<T>(callback: sendUnaryData<T>, task: () => Promise<T>): Promise<void> {
  const outcome = await task().then(
    (value) => ({ kind: "value", value }) as const,
    (error: unknown) => ({ kind: "error", error }) as const,
  );
  if (outcome.kind === "value") callback(null, outcome.value);
  else callback(rpcStatus(outcome.error));
}
