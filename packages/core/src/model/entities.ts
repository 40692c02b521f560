/** Creates and lists records of entities, whose keys are ids. */

/** The keys and entities of a record, in its order. */
interface Listed<T> {
  readonly ids: readonly string[];
  readonly entities: readonly T[];
}
const lists = new WeakMap<object, Listed<unknown>>();

/** All entities of a record, in its order. The list is cached, because many callers ask for it between two changes. */
export function listedEntities<T>(entities: Readonly<Record<string, T>>): Listed<T> {
  const known = lists.get(entities);
  if (known !== undefined) return known as Listed<T>;
  const ids = Object.keys(entities);
  const listed = { ids, entities: ids.map((id) => entities[id] as T) };
  lists.set(entities, listed);
  return listed;
}

/** A key that looks like an array index comes first in a record, whenever it was added. */
const likeIndex = /^\d/;

/**
 * The record with one entity added or replaced. Records whose keys are ids are created here, without a prototype. An object literal costs several times
 * as much, because the engine derives a class of objects from each new set of keys.
 */
export function withEntity<T>(
  entities: Readonly<Record<string, T>>,
  id: string,
  entity: T,
): Readonly<Record<string, T>> {
  const before = listedEntities(entities);
  const place = before.ids.indexOf(id);
  const isNew = place < 0;
  const ids = isNew ? [...before.ids, id] : before.ids;
  const all = isNew ? [...before.entities, entity] : before.entities.with(place, entity);
  return recordOf({ ids, entities: all }, { isInOrder: !isNew || !likeIndex.test(id) });
}

/** A new record with the entities that are kept. */
export function keptEntities<T>(
  entities: Readonly<Record<string, T>>,
  isKept: (entity: T, id: string) => boolean,
): Record<string, T> {
  const all = listedEntities(entities);
  const ids = all.ids.filter((id, place) => isKept(all.entities[place] as T, id));
  return recordOf({ ids, entities: ids.map((id) => entities[id] as T) }, { isInOrder: true });
}

function recordOf<T>(listed: Listed<T>, { isInOrder }: { isInOrder: boolean }): Record<string, T> {
  const record: Record<string, T> = Object.create(null);
  for (let place = 0; place < listed.ids.length; place += 1)
    record[listed.ids[place] as string] = listed.entities[place] as T;
  if (isInOrder) lists.set(record, listed);
  return record;
}
