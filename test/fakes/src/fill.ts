/** Fills a script's placeholders from the request that it answers, with values that a judge must repeat and a script can't know. Pure. */

/** `missing`: a placeholder whose line is missing in the prompt. */
export type Filled<T> = { kind: "filled"; value: T } | { kind: "missing"; name: string };

const whole = /^\{\{criteria\}\}$/;
const inside = /\{\{(nonce|bundle_digest)\}\}/g;

/**
 * `{{nonce}}` and `{{bundle_digest}}` anywhere in a string, and `"{{criteria}}"` as a whole value: every criterion of the prompt as met, with the test matrix
 * as evidence. The prompt's lines are `nonce: <hex>`, `bundle_digest: <hex>` and `criterion <id>: <text>`.
 */
export function fillPlaceholders<T>(value: T, prompt: string): Filled<T> {
  const found: Record<string, string | undefined> = {
    nonce: /^nonce: ([0-9a-f]+)$/m.exec(prompt)?.[1],
    bundle_digest: /^bundle_digest: ([0-9a-f]+)$/m.exec(prompt)?.[1],
  };
  const criteria = [...prompt.matchAll(/^criterion ([a-z0-9-]+): /gm)].map(([, id]) => ({
    id,
    result: "met",
    citations: [{ evidence: "test-matrix" }],
  }));
  let missing: string | null = null;
  const fill = (part: unknown): unknown => {
    if (typeof part === "string" && whole.test(part)) {
      if (criteria.length === 0) missing ??= "criteria";
      return criteria;
    }
    if (typeof part === "string") {
      return part.replace(inside, (_match, name: string) => {
        const text = found[name];
        if (text === undefined) missing ??= name;
        return text ?? "";
      });
    }
    if (Array.isArray(part)) return part.map(fill);
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, fill(inner)]));
  };
  const filled = fill(value) as T;
  return missing === null ? { kind: "filled", value: filled } : { kind: "missing", name: missing };
}
