/** Parses a file of missions into a checked plan: strictly, with keys resolved and each mission after its predecessors. Pure; docs/MISSIONS.md documents the file. */
import {
  criteriaMax,
  escapeLine,
  Fault,
  missionIdSchema,
  missionTextCharactersMax,
  planPartNameSchema,
  priorities,
  repositoryNameSchema,
} from "@aedev/contracts";
import { routes } from "@aedev/contracts/api";
import { z } from "zod";
import { parseYamlText } from "./yaml-text.ts";

const missionsMax = 200;
const help = "docs/MISSIONS.md describes the format";

const keySchema = planPartNameSchema;
/** False for the label of a mission without a key. */
export function isKey(label: string): boolean {
  return keySchema.safeParse(label).success;
}
const missionSchema = z.strictObject({
  key: keySchema.exactOptional(),
  text: z.string().trim().min(1).max(missionTextCharactersMax),
  repo: repositoryNameSchema,
  criteria: z.array(z.string().trim().min(1).max(2_000)).max(criteriaMax).default([]),
  priority: z.enum(priorities).default("normal"),
  labels: routes.submitMission.body.shape.labels,
  /** Keys of this file, or ids of existing missions. */
  after: z.array(z.string().min(1).max(100)).max(64).default([]),
});
/** The list itself, or an object with the only key `missions`. */
const fileSchema = z.array(missionSchema).min(1, "it has no missions").max(missionsMax);
const wrappedSchema = z.strictObject({ missions: z.unknown() });

type ParsedMission = z.infer<typeof missionSchema>;
export interface PlannedMission extends Omit<ParsedMission, "key" | "after"> {
  /** Its key, or `mission 3` if it has none. */
  readonly label: string;
  readonly after: readonly After[];
}
export type After = { readonly label: string } | { readonly mission_id: string };

/** The missions in the order of submission. Throws a fault that names each problem and its location, including unknown keys and cycles. */
export function planMissions(text: string, path: string): readonly PlannedMission[] {
  const missions = parseMissions(text, path);
  const labels = missions.map(({ key }, index) => key ?? `mission ${index + 1}`);
  const twice = labels.find((label, index) => labels.indexOf(label) !== index);
  if (twice !== undefined) throw wrongFile(path, `two missions have the key ${twice}`);
  const planned = missions.map(({ key: _key, after, ...mission }, index): PlannedMission => {
    const label = labels[index] ?? "";
    return { ...mission, label, after: [...new Set(after)].map((name) => resolve(name, { labels, label, path })) };
  });
  return inOrder(planned, path);
}

/** The value of a file's YAML. Throws a fault that names the place of an error. */
export function parseFile(text: string, path: string): unknown {
  try {
    return parseYamlText(text);
  } catch (cause) {
    throw wrongFile(path, cause instanceof Error ? cause.message : String(cause));
  }
}

function parseMissions(text: string, path: string): ParsedMission[] {
  const value = parseFile(text, path);
  const wrapped = wrappedSchema.safeParse(value);
  const parsed = fileSchema.safeParse(wrapped.success ? wrapped.data.missions : value);
  if (parsed.success) return parsed.data;
  throw wrongForm(path, parsed.error, keyPathOf);
}

/** The first problem with its place, as `placeOf` words it. */
export function wrongForm(
  path: string,
  { issues: [issue] }: z.ZodError,
  placeOf: (path: readonly PropertyKey[]) => string,
  hint = help,
): Fault {
  if (issue === undefined) return wrongFile(path, "it does not have the expected form", hint);
  const where = placeOf(issue.path);
  return wrongFile(
    path,
    issue.code === "unrecognized_keys" ? `${where}unknown key ${issue.keys.join(", ")}` : `${where}${issueText(issue)}`,
    hint,
  );
}

/** The problem in plain words; the schema's own message if it has one. */
function issueText(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type" && issue.input === undefined && issue.message.includes("received undefined"))
    return "it is missing";
  if (issue.code === "invalid_type")
    return `it must be ${typeTexts[issue.expected] ?? `of the type ${issue.expected}`}`;
  if (issue.code === "too_big" && issue.origin === "string") return `${issue.maximum} characters at most`;
  if (issue.code === "too_big" && issue.origin === "array") return `${issue.maximum} at most`;
  if (issue.code === "too_small" && issue.origin === "string") return "it is empty";
  if (issue.code === "invalid_value") return `one of ${issue.values.map(String).join(", ")}`;
  return issue.message;
}
const typeTexts: Readonly<Record<string, string>> = {
  array: "a list",
  string: "a text",
  object: "a mission with its keys",
};

/** `mission 2: criteria.0: `, counting missions from 1 as a person does. */
function keyPathOf([index, ...rest]: readonly PropertyKey[]): string {
  if (typeof index !== "number") return "";
  return [`mission ${index + 1}`, ...(rest.length === 0 ? [] : [rest.map(String).join(".")]), ""].join(": ");
}

function resolve(
  name: string,
  { labels, label, path }: { labels: readonly string[]; label: string; path: string },
): After {
  if (labels.includes(name) && isKey(name)) return { label: name };
  if (missionIdSchema.safeParse(name).success) return { mission_id: name };
  throw wrongFile(
    path,
    `${label}: after: there is no mission with the key ${name} in this file, and it is not a mission id`,
  );
}

/** Sorts depth first in the file's order, so missions without predecessors keep their place. */
function inOrder(missions: readonly PlannedMission[], path: string): PlannedMission[] {
  const ordered: PlannedMission[] = [];
  const open: string[] = [];
  const visit = (mission: PlannedMission) => {
    if (ordered.includes(mission)) return;
    const at = open.indexOf(mission.label);
    if (at >= 0)
      throw wrongFile(path, `these missions wait for each other: ${[...open.slice(at), mission.label].join(" -> ")}`);
    open.push(mission.label);
    for (const before of mission.after) {
      const known = missions.find(({ label }) => "label" in before && label === before.label);
      if (known !== undefined) visit(known);
    }
    open.pop();
    ordered.push(mission);
  };
  for (const mission of missions) visit(mission);
  return ordered;
}

export function wrongFile(path: string, what: string, hint = help): Fault {
  return new Fault("missions-file", `${path}: ${escapeLine(what, 500)}`, { hint });
}
