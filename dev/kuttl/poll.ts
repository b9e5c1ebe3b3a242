import { setTimeout as delay } from "node:timers/promises";

/** Repeats a question until it has an answer or the deadline has passed; undefined in that case. It is asked at least once. */
export async function pollUntil<T>(
  deadline: number,
  intervalMs: number,
  ask: () => Promise<T | undefined>,
): Promise<T | undefined> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined || Date.now() >= deadline) return answer;
    await delay(intervalMs);
  }
}
