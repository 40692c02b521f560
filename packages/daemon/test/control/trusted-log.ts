/** A log that is always trusted, for tests about something else. */
import type { LogTrust } from "../../src/home/log-trust.ts";

export const trustedLog: LogTrust = {
  untrusted: null,
  refusal: () => null,
  require: async () => undefined,
  compare: () => undefined,
  distrust: () => undefined,
  accept: () => Promise.reject(new Error("a trusted log is not accepted")),
  subscribe: () => undefined,
};
