/**
 * Returns a list without some names. What a client acknowledges it mostly does in the order in which it was told: as long
 * as names come in the order of the list no set is made of them.
 */
export function without(list: readonly string[], names: readonly string[]): readonly string[] {
  if (list.length === 0 || names.length === 0) return list;
  let next = 0;
  const left = list.filter((name) => {
    if (names[next] !== name) return true;
    next++;
    return false;
  });
  if (next === names.length || left.length === 0) return left;
  const others = new Set(names.slice(next));
  return left.filter((name) => !others.has(name));
}
