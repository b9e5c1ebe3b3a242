import { type CallOptions, type Client, Metadata, type MethodDefinition } from "@grpc/grpc-js";

/**
 * Calls a unary method and waits for its answer.
 *
 * Errors: rejects with grpc-js's `ServiceError` (`code`, `details`), also when `signal` aborts (CANCELLED).
 */
export function callUnary<Request, Response>(
  client: Client,
  method: MethodDefinition<Request, Response>,
  request: Request,
  options: CallOptions & { readonly metadata?: Metadata; readonly signal?: AbortSignal } = {},
): Promise<Response> {
  const { metadata = new Metadata(), signal, ...callOptions } = options;
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  const call = client.makeUnaryRequest(
    method.path,
    method.requestSerialize,
    method.responseDeserialize,
    request,
    metadata,
    callOptions,
    (error, response) => (error === null && response !== undefined ? resolve(response) : reject(error)),
  );
  const cancel = (): void => call.cancel();
  signal?.addEventListener("abort", cancel, { once: true });
  if (signal?.aborted) cancel();
  return promise.finally(() => signal?.removeEventListener("abort", cancel));
}
