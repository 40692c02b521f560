/** Making records of entities, whose keys are ids. */

/**
 * The entities with one more, or another in its place. Records whose keys are ids are made here, without a prototype, because an
 * object literal costs several times as much: the engine derives a class of objects from each set of keys that it has not seen.
 */
export function withEntity<T>(
  entities: Readonly<Record<string, T>>,
  id: string,
  entity: T,
): Readonly<Record<string, T>> {
  const next = keptEntities(entities, () => true);
  next[id] = entity;
  return next;
}

/** The entities that are kept, in a record of their own. */
export function keptEntities<T>(
  entities: Readonly<Record<string, T>>,
  isKept: (entity: T, id: string) => boolean,
): Record<string, T> {
  const kept: Record<string, T> = Object.create(null);
  for (const id in entities) if (isKept(entities[id] as T, id)) kept[id] = entities[id] as T;
  return kept;
}
