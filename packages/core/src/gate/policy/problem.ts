/** The problems of a configuration file, a policy or a repository's `.aedev.yaml`, one line per key, for people to read. */
import type { z } from "zod";

/** One refused key: its dotted path (empty for the document itself) and why. */
export interface PolicyProblem {
  readonly path: string;
  readonly message: string;
}

/** The problems of a failed zod parse; an unknown key is named by its own path. */
export function problemsOf(error: z.ZodError): PolicyProblem[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => ({ path: [...path, key].join("."), message: "unknown key" }));
    return [{ path: path.join("."), message: issue.message }];
  });
}

/** `<key path>: <why>`, or only the reason if it concerns the whole document. */
export function problemText(problem: PolicyProblem): string {
  return problem.path === "" ? problem.message : `${problem.path}: ${problem.message}`;
}
