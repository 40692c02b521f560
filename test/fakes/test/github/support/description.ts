/** Checks requests and answers against GitHub's published description of its REST API (OpenAPI 3.0, in the package of Octokit). */
import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import formats from "ajv-formats";
import { z } from "zod";
import { descriptionFile } from "./description-file.ts";

const schemaSchema = z.record(z.string(), z.unknown());
type Schema = z.infer<typeof schemaSchema>;
const refSchema = z.object({ $ref: z.string() });
const contentSchema = z.looseObject({ "application/json": z.looseObject({ schema: schemaSchema }).optional() });
const responseSchema = z.looseObject({ content: contentSchema.optional() });
const parameterSchema = z.looseObject({
  name: z.string(),
  in: z.enum(["path", "query", "header"]),
  required: z.boolean().default(false),
  schema: schemaSchema,
});
const operationSchema = z.looseObject({
  operationId: z.string(),
  parameters: z.array(z.unknown()).default([]),
  requestBody: z.looseObject({ required: z.boolean().default(false), content: contentSchema }).optional(),
  responses: z.record(z.string(), z.unknown()),
});
const documentSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
});

export interface Exchange {
  readonly method: string;
  /** Path relative to the API's root, with its query. */
  readonly path: string;
  /** Undefined if there is no body. */
  readonly requestBody: unknown;
  readonly status: number;
  readonly responseBody: unknown;
}
export interface Description {
  /** Differences with their places; empty if everything is as described. */
  differences(exchange: Exchange): string[];
  /** `METHOD /template` of every exchange so far. */
  readonly seen: ReadonlySet<string>;
}

/** Reads 13 MB, but compiles only the operations that occur. */
export function openDescription(): Description {
  const document = documentSchema.parse(JSON.parse(readFileSync(descriptionFile(), "utf8")));
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  formats.default(ajv, ["date-time", "uri", "email", "int32", "int64"]);
  const templates = Object.keys(document.paths).map((template) => ({ template, matches: patternOf(template) }));
  const compiled = new Map<string, ValidateFunction>();
  const seen = new Set<string>();

  /** The target of a reference inside the description. */
  function resolve(value: unknown): unknown {
    const reference = refSchema.safeParse(value);
    if (!reference.success) return value;
    return reference.data.$ref
      .split("/")
      .slice(1)
      .reduce<unknown>((found, key) => schemaSchema.parse(found)[key.replaceAll("~1", "/")], document);
  }

  function check(key: string, schema: Schema, value: unknown): string[] {
    const known = compiled.get(key) ?? ajv.compile(closed(schema, document.components.schemas));
    compiled.set(key, known);
    if (known(value)) return [];
    return (known.errors ?? []).map(
      ({ instancePath, message = "", params }) => `${key} ${instancePath || "/"}: ${message} ${JSON.stringify(params)}`,
    );
  }

  function differences(exchange: Exchange): string[] {
    const { method, status, requestBody, responseBody } = exchange;
    const url = new URL(exchange.path, "http://localhost");
    // A literal path comes before one with parameters.
    const candidates = templates.filter(
      ({ template, matches }) =>
        matches.test(url.pathname) && document.paths[template]?.[method.toLowerCase()] !== undefined,
    );
    const [found] = candidates.toSorted((left, right) => holes(left.template) - holes(right.template));
    if (found === undefined) return [`${method} ${url.pathname}: not in the description`];
    const name = `${method} ${found.template}`;
    seen.add(name);
    const operation = operationSchema.parse(document.paths[found.template]?.[method.toLowerCase()]);
    const answered = answerDifferences(name, operation, { status, responseBody });
    // A refused request need not have the described form.
    if (status >= 400) return answered;
    const parameters = operation.parameters.map((parameter) => parameterSchema.parse(resolve(parameter)));
    const unknown = [...url.searchParams.keys()].filter(
      (key) => !parameters.some((parameter) => parameter.in === "query" && parameter.name === key),
    );
    const body = operation.requestBody?.content["application/json"]?.schema;
    return [
      ...answered,
      ...unknown.map((key) => `${name}: the query ${key} is not described`),
      ...(requestBody === undefined || body === undefined ? [] : check(`${name} body`, body, requestBody)),
      ...(requestBody === undefined && operation.requestBody?.required === true ? [`${name}: no body`] : []),
    ];
  }

  function answerDifferences(
    name: string,
    operation: z.infer<typeof operationSchema>,
    { status, responseBody }: Pick<Exchange, "status" | "responseBody">,
  ): string[] {
    // HTTP's own answer to a conditional request, which the description has only for some operations.
    if (status === 304 && responseBody === undefined) return [];
    const described = operation.responses[String(status)];
    const key = `${name} ${status}`;
    if (described === undefined) {
      if (status < 400) return [`${key}: not described`];
      const error = status === 422 ? "validation-error" : "basic-error";
      return check(`${key} (${error})`, { $ref: `#/components/schemas/${error}` }, responseBody);
    }
    const schema = responseSchema.parse(resolve(described)).content?.["application/json"]?.schema;
    if (schema === undefined)
      return responseBody === undefined || status >= 400 ? [] : [`${key}: a body that is not described`];
    return check(key, schema, responseBody);
  }

  return { differences, seen };
}

function patternOf(template: string): RegExp {
  const source = template.replace(/[.+*?^$()[\]\\|]/g, "\\$&").replace(/\{(\w+)\}/g, (_whole, name: string) =>
    // A ref may contain slashes.
    /^(ref|branch)$/.test(name) ? ".+" : "[^/]+",
  );
  return new RegExp(`^${source}$`);
}

function holes(template: string): number {
  return (template.match(/\{/g) ?? []).length * 1000 - template.length;
}

/** The schema with everything that it refers to, as JSON Schema. */
function closed(schema: Schema, all: Readonly<Record<string, unknown>>): Schema {
  const definitions: Record<string, unknown> = {};
  const root = schemaSchema.parse(converted(schema, collect));
  function collect(name: string): void {
    if (Object.hasOwn(definitions, name)) return;
    definitions[name] = true;
    definitions[name] = converted(all[name], collect);
  }
  return { ...root, definitions };
}

const prefix = "#/components/schemas/";

/**
 * OpenAPI 3.0's `nullable` becomes a type or an alternative, and `oneOf` becomes `anyOf`, because alternatives in GitHub's description overlap and its own
 * answers match several. `collect` gets the name of each referenced schema.
 */
function converted(value: unknown, collect: (name: string) => void): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => converted(item, collect));
  const parsed = schemaSchema.safeParse(value);
  if (!parsed.success) return value;
  const { nullable, example: _example, examples: _examples, discriminator: _discriminator, ...rest } = parsed.data;
  const entries = Object.entries(rest).map(([key, child]) => {
    if (key === "$ref" && typeof child === "string" && child.startsWith(prefix)) {
      const name = child.slice(prefix.length);
      collect(name);
      return ["$ref", `#/definitions/${name}`];
    }
    return [key === "oneOf" ? "anyOf" : key, converted(child, collect)];
  });
  const plain = Object.fromEntries(entries) as Schema;
  return nullable === true ? { anyOf: [plain, { type: "null" }] } : plain;
}
