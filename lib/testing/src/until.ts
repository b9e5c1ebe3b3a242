import { setTimeout as sleep } from "node:timers/promises";

/**
 * Resolves when the condition holds; looks every 10 ms.
 * Errors: rejects after the time (default 10 s) with what was waited for and, if given, what is there instead.
 */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  { timeoutMs = 10_000, show = () => "" }: { readonly timeoutMs?: number; readonly show?: () => string } = {},
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not seen within ${timeoutMs} ms: ${what}\n${show()}`);
    await sleep(10);
  }
}
