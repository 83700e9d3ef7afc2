/** Items by a key of theirs, in their order. Node has it as `Map.groupBy` from version 21 on. */
export function groups<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, [Item, ...Item[]]> {
  const all = new Map<string, [Item, ...Item[]]>();
  for (const item of items) {
    const group = all.get(keyOf(item));
    if (group) group.push(item);
    else all.set(keyOf(item), [item]);
  }
  return all;
}
