/** The kinds of request. Each kind has its own questions, its own usual answer, and its own criteria that follow from it. */
export const requestKinds = [
  "fix",
  "feature",
  "refactor",
  "upgrade",
  "rename",
  "removal",
  "docs",
  "test",
  "perf",
  "config",
  "chore",
  "question",
] as const;
export type RequestKind = (typeof requestKinds)[number];
/** A question asks for an answer; every other kind asks for a change. */
export type ChangeKind = Exclude<RequestKind, "question">;
export const changeKinds = requestKinds.filter((kind): kind is ChangeKind => kind !== "question");
