/** Older stored shapes of events, one step per schema number: what is in the log stays as it was written, and is read as the present shape. */

type Step = (data: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/** `steps[type][n - 1]` turns schema n into n + 1; a type without steps has schema 1. */
const steps: Readonly<Record<string, readonly Step[]>> = {
  MissionSubmitted: [
    (data) => ({
      ...data,
      priority: "normal",
      after: [],
      clarity: { round: 0, score: 0, signals: [], questions: [], stuck: false },
      clarified_spec: null,
    }),
  ],
  VerdictRecorded: [(data) => ({ ...data, prompt_digest: null, views: [] })],
  EvidenceSealed: [(data) => ({ ...data, statement: null })],
  GateDecided: [(data) => ({ ...data, statement: null })],
  RepositoryConfigured: [(data) => ({ ...data, trial: "untried" })],
};

/** The schema number that an event of this type is stored with today. */
export function schemaNumberOf(type: string): number {
  return (Object.hasOwn(steps, type) ? (steps[type]?.length ?? 0) : 0) + 1;
}

/** The data in the present shape, still to be parsed. Throws on a number that this version does not know. */
export function upcast(type: string, schema: number, data: unknown): unknown {
  const current = schemaNumberOf(type);
  if (!Number.isInteger(schema) || schema < 1 || schema > current)
    throw new TypeError(`event ${type} has schema ${schema}; this version knows up to ${current}`);
  if (typeof data !== "object" || data === null) return data;
  return (steps[type] ?? []).slice(schema - 1).reduce<Record<string, unknown>>((old, step) => step(old), { ...data });
}
