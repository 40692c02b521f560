/** Says where a body differs from the schema of its wire, for a refusal. */
import type { z } from "zod";

const reasonCharsMax = 200;

/** Names the path and the problem, but never the value, because refusals are logged. */
export function reasonOf(error: z.ZodError): string {
  const issue = deepest(error.issues);
  if (issue === null) return "the body is invalid";
  const keys = issue.code === "unrecognized_keys" ? ` ${issue.keys.slice(0, 5).join(", ")}` : "";
  return `${pathText(issue.path)}: ${issue.code}${keys}`.slice(0, reasonCharsMax);
}

export function pathText(path: readonly PropertyKey[]): string {
  return path.map(String).join(".").slice(0, reasonCharsMax) || "body";
}

/** In a union each alternative has its own problems. The one that got furthest is the one that was meant. */
function deepest(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue | null {
  const all = issues.map((issue) => {
    const inner = issue.code === "invalid_union" ? deepest(issue.errors.flat()) : null;
    return inner === null ? issue : { ...inner, path: [...issue.path, ...inner.path] };
  });
  return all.toSorted((one, other) => other.path.length - one.path.length)[0] ?? null;
}
