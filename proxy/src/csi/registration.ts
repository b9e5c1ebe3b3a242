import { create } from "@bufbuild/protobuf";
import { csiDriverName } from "@meshwright/contract/volume";
import type { Logger } from "@meshwright/log/logger";
import {
  PluginInfoSchema,
  type Registration as RegistrationService,
  RegistrationStatusResponseSchema,
} from "@meshwright/rpc-api/gen/pluginregistration/v1/api_pb";
import type { GrpcHandlers } from "@meshwright/rpc-api/grpc-method";

/** Whether kubelet has taken the driver on. */
export type RegistrationState =
  | { readonly kind: "waiting" }
  | { readonly kind: "registered" }
  | { readonly kind: "refused"; readonly error: string };

/** Kubelet's plugin registration: it finds the socket, asks what is behind it, and says whether it takes it. */
export class Registration {
  #state: RegistrationState = { kind: "waiting" };
  readonly #logger: Logger;
  /** Implements `pluginregistration.Registration`. */
  readonly handlers: GrpcHandlers<(typeof RegistrationService)["method"]>;

  /** @param endpoint the CSI socket, as a path that kubelet sees */
  constructor(endpoint: string, logger: Logger) {
    this.#logger = logger;
    const info = create(PluginInfoSchema, {
      type: "CSIPlugin",
      name: csiDriverName,
      endpoint,
      supportedVersions: ["1.0.0"],
    });
    this.handlers = {
      getInfo: (_, callback) => callback(null, info),
      notifyRegistrationStatus: ({ request }, callback) => {
        this.#note(request.pluginRegistered, request.error);
        callback(null, create(RegistrationStatusResponseSchema));
      },
    };
  }

  get state(): RegistrationState {
    return this.#state;
  }

  #note(isRegistered: boolean, error: string): void {
    this.#state = isRegistered ? { kind: "registered" } : { kind: "refused", error };
    if (isRegistered) this.#logger.info({ driver: csiDriverName }, "kubelet registered the driver");
    else this.#logger.error({ driver: csiDriverName, detail: error }, "kubelet refused the driver");
  }
}
