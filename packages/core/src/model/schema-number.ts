/** The schema number that each type of event is stored with. Other numbers are refused: shapes of unreleased versions are not converted. */

/** The types whose shape changed before the first release; every other type has schema 1. */
const changed: Readonly<Record<string, number>> = {
  MissionSubmitted: 2,
  VerdictRecorded: 2,
  EvidenceSealed: 2,
  GateDecided: 4,
  RepositoryConfigured: 2,
};
/** Earlier numbers that can still be read. In GateDecided 2 all reasons are sentences, which are still valid reasons; up to 3, all scores are points. */
const alsoRead: Readonly<Record<string, readonly number[]>> = { GateDecided: [2, 3] };

/** The schema number that an event of this type is stored with. */
export function schemaNumberOf(type: string): number {
  return Object.hasOwn(changed, type) ? (changed[type] ?? 1) : 1;
}

/** Throws a TypeError if events of this type are stored with another number. */
export function requireSchema(type: string, schema: number): void {
  const today = schemaNumberOf(type);
  if (schema === today || (Object.hasOwn(alsoRead, type) && alsoRead[type]?.includes(schema) === true)) return;
  const other =
    schema < today ? "an unreleased version wrote it, and its logs are no longer read" : "a newer version wrote it";
  throw new TypeError(`event ${type} has schema ${schema}; this version reads ${today}: ${other}`);
}
