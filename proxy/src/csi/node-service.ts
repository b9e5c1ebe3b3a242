import { create } from "@bufbuild/protobuf";
import type { Logger } from "@meshwright/log/logger";
import {
  type Node,
  NodeGetCapabilitiesResponseSchema,
  NodeGetInfoResponseSchema,
  type NodePublishVolumeRequest,
  NodePublishVolumeResponseSchema,
  NodeUnpublishVolumeResponseSchema,
} from "@meshwright/rpc-api/gen/csi/v1/csi_pb";
import type { GrpcHandlers } from "@meshwright/rpc-api/grpc-method";
import type { Agent } from "../agent/agent.ts";
import { holdsIdentity } from "../agent/identity-files.ts";
import { readToken } from "../agent/token.ts";
import { ensureMounted, ensureUnmounted } from "./mount.ts";
import { answer } from "./rpc-status.ts";
import { checkTargetPath } from "./target-path.ts";
import { readVolumeContext } from "./volume-context.ts";
import { VolumeError } from "./volume-error.ts";

export interface NodeServiceOptions {
  readonly agent: Agent;
  readonly kubeletDir: string;
  readonly nodeName: string;
  /** Resolves when the runtime calls the CNI plugin for every pod; rejects with what is in the way. */
  readonly ensureCni: () => Promise<void>;
  readonly logger: Logger;
}

/** Where kubelet puts tokens: in the secrets since Kubernetes 1.35, in the volume context before. */
const tokensKey = "csi.storage.k8s.io/serviceAccount.tokens";

/** Implements the CSI node service. Source: https://github.com/container-storage-interface/spec/blob/v1.11.0/spec.md */
export function nodeService(options: NodeServiceOptions): GrpcHandlers<(typeof Node)["method"]> {
  return {
    nodePublishVolume: ({ request }, callback) =>
      void answer(callback, async () => {
        await publish(request, options);
        return create(NodePublishVolumeResponseSchema);
      }),
    nodeUnpublishVolume: ({ request }, callback) =>
      void answer(callback, async () => {
        await unpublish(request.targetPath, options);
        return create(NodeUnpublishVolumeResponseSchema);
      }),
    nodeGetCapabilities: (_, callback) => callback(null, create(NodeGetCapabilitiesResponseSchema)),
    nodeGetInfo: (_, callback) => callback(null, create(NodeGetInfoResponseSchema, { nodeId: options.nodeName })),
  };
}

async function publish(request: NodePublishVolumeRequest, options: NodeServiceOptions): Promise<void> {
  const { agent, kubeletDir, logger } = options;
  const target = checkTargetPath(request.targetPath, kubeletDir);
  const spec = readVolumeContext(request.volumeContext);
  if (!request.readonly)
    throw new VolumeError(
      "InvalidArgument",
      "cannot publish volume: readOnly is false: set it to true in the pod's volume",
    );
  // A pod that runs keeps what it has, whatever became of the plugin.
  if (spec.redirect === "cni" && !(await holdsIdentity(target))) await requireCni(options);
  await ensureMounted(target);
  try {
    await agent.publish(target, spec, readToken(request.secrets[tokensKey] ?? request.volumeContext[tokensKey] ?? ""));
  } catch (error) {
    logger.warn({ pod: `${spec.pod.namespace}/${spec.pod.name}`, error }, "volume not published");
    await undoUnfilled(target, options);
    throw error;
  }
}

/**
 * A pod has no network before it has its volumes: one that is held here until the plugin is in place cannot start without
 * its redirect, also not while the node boots.
 */
async function requireCni({ ensureCni }: NodeServiceOptions): Promise<void> {
  try {
    await ensureCni();
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new VolumeError("CniMissing", `cannot publish volume: the pod needs the node's CNI plugin: ${detail}`, {
      cause,
    });
  }
}

/** Kubelet may never ask to unpublish what it was told had failed; a pod that runs keeps what it has. */
async function undoUnfilled(target: string, { agent }: NodeServiceOptions): Promise<void> {
  if (await holdsIdentity(target)) return;
  await agent.forget(target);
  await ensureUnmounted(target);
}

async function unpublish(targetPath: string, { agent, kubeletDir, logger }: NodeServiceOptions): Promise<void> {
  const target = checkTargetPath(targetPath, kubeletDir);
  await agent.forget(target);
  await ensureUnmounted(target);
  logger.info({ target }, "volume unpublished");
}
