import { request } from "node:https";
import type { WebhookState } from "./types.ts";

/** Where the API server would call the webhook, and by what it would know it. */
export interface WebhookTarget {
  /** Name that the certificate must carry, as `meshd-default.mesh-system.svc`. */
  readonly host: string;
  readonly port: number;
  /** Root, PEM. */
  readonly root: string;
  /** Connects here instead of resolving the host; for an operator that runs outside the cluster. */
  readonly address?: { readonly host: string; readonly port: number };
}

const timeoutMs = 3_000;

/** One lost connection, as while a replica ends, does not make the webhook a dead one. */
const attempts = 3;

/** Asks the webhook's server whether it is ready, over TLS and verifying its certificate as the API server does. */
export async function probeWebhook(target: WebhookTarget, signal: AbortSignal): Promise<WebhookState> {
  let state: WebhookState = { kind: "unasked" };
  for (let attempt = 0; attempt < attempts; attempt++) {
    state = await ask(target, signal);
    if (state.kind === "answers") break;
  }
  return state;
}

async function ask({ host, port, root, address }: WebhookTarget, signal: AbortSignal): Promise<WebhookState> {
  const { promise, resolve } = Promise.withResolvers<WebhookState>();
  const connection = { host: address?.host ?? host, port: address?.port ?? port, servername: host, ca: root };
  const call = request(
    { ...connection, path: "/ready", headers: { host }, agent: false, signal, timeout: timeoutMs },
    (response) => {
      response.resume();
      const code = response.statusCode ?? 0;
      resolve(code === 200 ? { kind: "answers" } : fails(host, `it answers ${code} to /ready`));
    },
  );
  call.on("timeout", () => call.destroy(new Error(`no answer within ${timeoutMs} ms`)));
  call.on("error", (error) => resolve(fails(host, error.message)));
  call.end();
  return promise;
}

function fails(host: string, detail: string): WebhookState {
  return { kind: "fails", detail: `"${host}": ${detail}` };
}
