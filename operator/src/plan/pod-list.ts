/** Names of pods in a message; the rest is a number. */
const listedPods = 10;

/** Pods as a message tells them: `pods shop/a, shop/b and 3 more`. */
export function podList(pods: readonly string[]): string {
  const names = pods.slice(0, listedPods).join(", ");
  const more = pods.length > listedPods ? ` and ${pods.length - listedPods} more` : "";
  return `${pods.length === 1 ? "pod" : "pods"} ${names}${more}`;
}
