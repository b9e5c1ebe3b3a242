import { request } from "node:http";
import { text } from "node:stream/consumers";

/** Asks Envoy's admin interface over a Unix socket. */
export interface Admin {
  /** Errors: rejects on any status but 200, and when nobody answers. */
  get(path: string): Promise<string>;
}

/** Every question has a connection of its own, so that none stays open while the sidecar idles. */
export function adminAt(socketPath: string): Admin {
  return {
    get: (path) => {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const call = request({ socketPath, path, agent: false }, (response) => {
        const body = text(response);
        if (response.statusCode === 200) return void body.then(resolve, reject);
        body.catch(() => undefined);
        reject(new Error(`cannot ask Envoy's admin interface for "${path}": status ${response.statusCode}`));
      });
      call.on("error", reject);
      call.end();
      return promise;
    },
  };
}
