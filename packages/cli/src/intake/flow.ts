/**
 * A flow: a plan's file with parameters. Values are put into texts only, after the file has been parsed, so that a value can't add keys. Pure; docs/PLANS.md
 * documents the file.
 */
import { escapeLine, Fault, hasControls } from "@aedev/contracts";
import { routes } from "@aedev/contracts/api";
import { z } from "zod";
import { parseFile, wrongFile, wrongForm } from "./missions-document.ts";

/** Every flow has this parameter. */
export const repositoryParameter = "repo";
const parametersMax = 20;
const valueCharactersMax = 4_000;
const help = "docs/PLANS.md describes flows";

export const flowNameSchema = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);
const parameterNameSchema = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/);
const summarySchema = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((text) => !hasControls(text), "it has a control character");
const parameterSchema = z.strictObject({
  summary: summarySchema,
  /** The value if none is given. Absent: it must be given. */
  default: z.string().max(valueCharactersMax).exactOptional(),
});
const headSchema = z.looseObject({
  summary: summarySchema,
  parameters: z
    .record(parameterNameSchema, parameterSchema)
    .refine((all) => Object.keys(all).length <= parametersMax, `${parametersMax} at most`)
    .refine((all) => !(repositoryParameter in all), `${repositoryParameter} is given by --repo`)
    .default({}),
});

export type Parameter = z.infer<typeof parameterSchema>;
export interface Flow {
  readonly summary: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** The plan's file as a value, with its placeholders. */
  readonly plan: Readonly<Record<string, unknown>>;
}

/** Throws a fault that names the place: an unknown key, a placeholder without a parameter, a parameter that nothing uses, a plan of the wrong form. */
export function parseFlow(text: string, path: string): Flow {
  const value = parseFile(text, path);
  const parsed = headSchema.safeParse(value);
  if (!parsed.success) throw wrongForm(path, parsed.error, placeInFlow, help);
  const { summary, parameters, ...plan } = parsed.data;
  const known = [repositoryParameter, ...Object.keys(parameters)];
  const used = placeholdersOf(plan);
  const unknown = used.find((name) => !known.includes(name));
  if (unknown !== undefined) throw wrongFile(path, `{{${unknown}}} is no parameter of this flow`, help);
  const unused = Object.keys(parameters).find((name) => !used.includes(name));
  if (unused !== undefined) throw wrongFile(path, `nothing uses the parameter ${unused}`, help);
  const flow = { summary, parameters, plan };
  const sample = Object.fromEntries(known.map((name) => [name, parameters[name]?.default ?? "sample"]));
  const form = routes.submitPlan.body.safeParse(filled(flow, sample));
  if (!form.success) throw wrongForm(path, form.error, placeInFlow, help);
  return flow;
}

/** The plan's file with these values, as `aedev intake --file` reads it. Throws a usage fault that names missing and unknown parameters. */
export function fillFlow(
  { name, flow }: { readonly name: string; readonly flow: Flow },
  values: Readonly<Record<string, string>>,
): FilledPlan {
  const wrong = Object.entries(values).find(([, value]) => value.length > valueCharactersMax);
  const unknown = Object.keys(values).filter((key) => key !== repositoryParameter && !(key in flow.parameters));
  const missing = missingParameters(flow, values);
  const hint = `aedev flow show ${name}`;
  if (unknown.length > 0)
    throw new Fault("usage", `${name} has no parameter ${escapeLine(unknown.join(", "), 200)}`, { hint });
  if (missing.length > 0)
    throw new Fault("usage", `${name} needs ${missing.map(([key]) => `--set ${key}="…"`).join(" ")}`, { hint });
  if (wrong !== undefined)
    throw new Fault("usage", `${wrong[0]} has ${wrong[1].length} characters; ${valueCharactersMax} at most`, { hint });
  const defaults = Object.entries(flow.parameters).map(([key, { default: usual = "" }]) => [key, usual] as const);
  return filled(flow, { ...Object.fromEntries(defaults), ...values });
}

/** The parameters that have neither a value nor a default. */
function missingParameters(
  { parameters }: Flow,
  values: Readonly<Record<string, string>>,
): readonly (readonly [string, Parameter])[] {
  return Object.entries(parameters).filter(([key, { default: usual }]) => usual === undefined && !(key in values));
}

/** A plan's file as a value; its form is checked when it is submitted. */
export interface FilledPlan {
  readonly [key: string]: unknown;
  readonly tasks: readonly Readonly<Record<string, unknown>>[];
}

/** Entries of lists that become empty, and parts without a text, are left out. */
function filled({ plan }: Pick<Flow, "plan">, values: Readonly<Record<string, string>>): FilledPlan {
  const fill = (value: unknown): unknown => {
    if (typeof value === "string") return value.replaceAll(placeholder, (_all, name: string) => values[name] ?? "");
    if (Array.isArray(value)) return value.map(fill).filter((entry) => entry !== "");
    return isRecord(value) ? filledRecord(value) : value;
  };
  const filledRecord = (record: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.entries(record).map(([key, inner]) => [key, fill(inner)]));
  const { tasks, ...rest } = filledRecord(plan);
  const parts = Array.isArray(tasks) ? tasks.filter((part) => isRecord(part)) : [];
  return { ...rest, tasks: parts.filter(({ text }) => typeof text !== "string" || text.trim() !== "") };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const placeholder = /\{\{([a-z][a-z0-9_]{0,39})\}\}/g;

function placeholdersOf(value: unknown): string[] {
  if (typeof value === "string") return [...value.matchAll(placeholder)].map(([, name = ""]) => name);
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(placeholdersOf);
}

/** `tasks.0.text: `, as the problem of a flow's file names its place. */
export function placeInFlow(path: readonly PropertyKey[]): string {
  return path.length === 0 ? "" : `${path.map(String).join(".")}: `;
}
