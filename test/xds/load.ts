import { Agent, get } from "node:http";

/** Requests at a steady rate, until it is disposed of. */
export interface Load extends Disposable {
  /** How often each status came; an error of the connection counts by its code. */
  readonly outcomes: ReadonlyMap<string, number>;
  readonly total: number;
}

/** Calls a port of 127.0.0.1 so many times a second, over connections that are kept. */
export function startLoad(port: number, perSecond: number): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const outcomes = new Map<string, number>();
  const count = (outcome: string): void => void outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  const began = performance.now();
  let sent = 0;
  const call = (): void => {
    sent++;
    const request = get({ host: "127.0.0.1", port, agent }, (response) => {
      response.resume();
      response.on("end", () => count(String(response.statusCode)));
    });
    request.on("error", (error) => count(error.message));
  };
  // Timers are late under load: what is due is sent.
  const timer = setInterval(() => {
    while (sent < ((performance.now() - began) * perSecond) / 1000) call();
  }, 2);
  return {
    outcomes,
    get total() {
      return [...outcomes.values()].reduce((sum, each) => sum + each, 0);
    },
    [Symbol.dispose]: () => {
      clearInterval(timer);
      agent.destroy();
    },
  };
}
