/** Every bound of this plane that is not part of the work, with its unit. */

/** Judgements asked at the same time; the others wait their turn. */
export const judgementsInFlightMax = 4;
/** Judgements waiting; more than this is a bug of the sender. */
export const judgementsWaitingMax = 1000;
/** Bytes of one HTTP response, after decoding; a longer one is no answer. */
export const responseBytesMax = 4 * 1024 * 1024;
/** Characters of what both looks were answered, kept for the person. */
export const answerCharactersMax = 400_000;
/** Bytes of the secrets file. */
export const secretsFileBytesMax = 64 * 1024;
/** Bytes of one entry of a bundle that is read at all; the patch's own bound is the prompt's, because it is shown whole. */
export const entryBytesMax = 64 * 1024 * 1024;
/** Bytes of a bundle's manifest. */
export const manifestBytesMax = 1024 * 1024;
/** Test ids listed per result of one command or per finding; what is left out is counted in the prompt. */
export const listedTestsMax = 100;
/** Characters of one listed line (a test's name, a path, a finding); the rest is counted in the prompt. */
export const listedCharactersMax = 500;
/** Characters of one cell of the test matrix. */
export const cellCharactersMax = 12_000;
/** Characters of one section that is not the patch or the specification, which are never cut. */
export const sectionCharactersMax = 64_000;
/** Characters of one command's output shown to a judge; what is left out is counted in the prompt. */
export const outputCharactersMax = 4000;
/** Tokens that a probe's answer may have: enough for a model that thinks before it says one word. */
export const probeAnswerTokens = 2048;
