/**
 * Splits the names of a rejected response into two batches to send apart, so that the resource that is at fault is found
 * in few steps and everything else gets through. Envoy often names it: names in its message are sent last and apart.
 */
export function isolate(names: readonly string[], message: string): readonly (readonly string[])[] {
  const suspects = names.filter((name) => message.includes(name));
  if (suspects.length > 0 && suspects.length < names.length) {
    return [names.filter((name) => !suspects.includes(name)), suspects];
  }
  const middle = Math.ceil(names.length / 2);
  return [names.slice(0, middle), names.slice(middle)];
}
