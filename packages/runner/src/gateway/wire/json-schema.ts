/**
 * The JSON schemas that a sandbox may send with a tool or an output format: an allow-list of keywords. The vendor might fetch an address in a schema, so
 * references may only point into the schema itself, and nothing may give the schema an address (`$id`, `id`, its own `$schema`).
 */
import { z } from "zod";

/** The meta schemas, which a vendor knows by name without fetching anything. */
const dialects = /^https?:\/\/json-schema\.org\/(?:draft-0[4-7]\/schema|draft\/(?:2019-09|2020-12)\/schema)#?$/;
const local = z.string().regex(/^#(?:$|[/\w])/);
const anchor = z.string().regex(/^[A-Za-z_][\w.-]*$/);
/** Keywords whose values validators compare or show, but never read as an address. */
const values = ["const", "default", "enum", "examples"];
const texts = ["$comment", "contentEncoding", "contentMediaType", "description", "format", "pattern", "title"];
const numbers = [
  ...["exclusiveMaximum", "exclusiveMinimum", "maxContains", "maxItems", "maxLength", "maxProperties", "maximum"],
  ...["minContains", "minItems", "minLength", "minProperties", "minimum", "multipleOf"],
];
const flags = ["deprecated", "nullable", "readOnly", "uniqueItems", "writeOnly"];
const names = z.array(z.string());

const keywords: Readonly<Record<string, z.ZodType>> = {
  ...Object.fromEntries(values.map((key) => [key, z.unknown()])),
  ...Object.fromEntries(texts.map((key) => [key, z.string()])),
  // Draft 4 has booleans here.
  ...Object.fromEntries(numbers.map((key) => [key, z.union([z.number(), z.boolean()])])),
  ...Object.fromEntries(flags.map((key) => [key, z.boolean()])),
  type: z.union([z.string(), names]),
  required: z.union([names, z.boolean()]),
  dependentRequired: z.record(z.string(), names),
  $ref: local,
  $dynamicRef: local,
  $recursiveRef: local,
  $anchor: anchor,
  $dynamicAnchor: anchor,
  $recursiveAnchor: z.boolean(),
  $schema: z.string().regex(dialects),
};
/** Keywords whose value is a schema or a list of schemas. */
const inner = new Set([
  ...["additionalItems", "additionalProperties", "allOf", "anyOf", "contains", "contentSchema", "else", "if", "items"],
  ...["not", "oneOf", "prefixItems", "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties"],
]);
/** Keywords whose value maps names, which are not keywords, to schemas (in `dependencies` also to lists of names). */
const named = new Set(["$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties"]);

/** A schema, checked keyword by keyword; iteratively, because it can be as deep as the body. */
export const jsonSchema = z.record(z.string(), z.unknown()).superRefine((schema, context) => {
  const waiting: { at: readonly string[]; part: unknown }[] = [{ at: [], part: schema }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { at, part } = next;
    if (typeof part === "boolean") continue;
    if (!isObject(part)) return refuse(context, at);
    for (const [key, value] of Object.entries(part)) {
      const path = [...at, key];
      if (named.has(key)) {
        if (!isObject(value)) return refuse(context, path);
        const schemas = Object.entries(value).filter(([, each]) => key !== "dependencies" || !Array.isArray(each));
        waiting.push(...schemas.map(([name, each]) => ({ at: [...path, name], part: each })));
      } else if (inner.has(key)) {
        const list = Array.isArray(value) ? value : [value];
        waiting.push(...list.map((each) => ({ at: path, part: each as unknown })));
      } else if (!Object.hasOwn(keywords, key) || keywords[key]?.safeParse(value).success !== true)
        return refuse(context, path);
    }
  }
});

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refuse(context: z.RefinementCtx, path: readonly string[]): void {
  context.addIssue({ code: "custom", path: [...path], message: "not a keyword or a value that a schema may have" });
}
