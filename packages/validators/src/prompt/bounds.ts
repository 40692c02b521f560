/** The judgement plane's fixed bounds, which no work item sets: probes at a time, bytes read, lengths of lists in the prompt. */

/** The most probes in progress at the same time; the others wait. */
export const probesInFlightMax = 4;
/** The most waiting judgements; more is a bug of the sender. */
export const judgementsWaitingMax = 1000;
/** The most bytes of a decoded HTTP response; a longer response is not an answer. */
export const responseBytesMax = 4 * 1024 * 1024;
/** The most characters of the answers to both views that are kept for people. */
export const keptAnswerCharactersMax = 400_000;
export const secretsFileBytesMax = 64 * 1024;
/** The most bytes of a bundle entry. The patch is bounded by the prompt instead, because it is shown whole. */
export const entryBytesMax = 64 * 1024 * 1024;
export const manifestBytesMax = 1024 * 1024;
/** The most test ids listed per result of a command or per finding; the prompt says how many are omitted. */
export const listedTestsMax = 100;
/** The most characters of a listed line (a test's name, a path, a finding); the prompt says how many are omitted. */
export const listedCharactersMax = 500;
export const cellCharactersMax = 12_000;
/** The most characters of a section; the patch and the specification are never truncated. */
export const sectionCharactersMax = 64_000;
/** The most characters of a command's output; the prompt says how many are omitted. */
export const outputCharactersMax = 4000;
/** The most tokens of a probe's answer: enough for a model that reasons before it answers. */
export const probeAnswerTokens = 2048;
