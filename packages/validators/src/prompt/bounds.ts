/** The judgement plane's fixed bounds, which no work item sets: probes at a time, bytes read, lengths of lists in the prompt. */

/** Probes in progress at the same time; the others wait. */
export const probesInFlightMax = 4;
/** Waiting judgements; more is a bug of the sender. */
export const judgementsWaitingMax = 1000;
/** Bytes of one decoded HTTP response; a longer response is no answer. */
export const responseBytesMax = 4 * 1024 * 1024;
/** Characters of the answers to both views, kept for people to read. */
export const keptAnswerCharactersMax = 400_000;
/** Bytes of the secrets file. */
export const secretsFileBytesMax = 64 * 1024;
/** Bytes of one bundle entry. The patch is bounded by the prompt instead, because it is shown whole. */
export const entryBytesMax = 64 * 1024 * 1024;
/** Bytes of a bundle's manifest. */
export const manifestBytesMax = 1024 * 1024;
/** Test ids listed per result of one command or per finding; the prompt says how many are omitted. */
export const listedTestsMax = 100;
/** Characters of one listed line (a test's name, a path, a finding); the prompt says how many are omitted. */
export const listedCharactersMax = 500;
/** Characters of one cell of the test matrix. */
export const cellCharactersMax = 12_000;
/** Characters of one section; the patch and the specification are never truncated. */
export const sectionCharactersMax = 64_000;
/** Characters of one command's output; the prompt says how many are omitted. */
export const outputCharactersMax = 4000;
/** Tokens of a probe's answer: enough for a model that reasons before it answers. */
export const probeAnswerTokens = 2048;
