/** The report about one mission: ten sections of statements, each with the evidence that it is computed from. */
import { z } from "zod";
import { evidenceNames } from "../evidence.ts";
import { gitIdSchema, sha256Schema } from "../ids.ts";
import { missionStatusSchema } from "./task.ts";

/** The sections in their order, each with its title. */
export const reportSectionTitles = {
  summary: "Summary",
  product_impact: "Product impact",
  architecture: "Architecture",
  implementation: "Implementation",
  verification: "Verification",
  security: "Security",
  reliability: "Reliability",
  observability: "Observability",
  rollback: "Rollback",
  open_risks: "Open risks",
} as const;
/** The name of a section. */
export type ReportSectionName = keyof typeof reportSectionTitles;
/** The names of all sections, in order. */
export const reportSectionNames = Object.keys(reportSectionTitles) as ReportSectionName[];

/** What a statement is computed from. */
const referenceSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("event"), position: z.int().positive(), type: z.string() }),
  /** An entry of a verified bundle, by the digest of its bytes; `entry` null: the list of the bundle's entries. */
  z.strictObject({
    kind: z.literal("evidence"),
    task_id: z.string(),
    bundle: sha256Schema,
    entry: z.enum(evidenceNames).nullable(),
    digest: sha256Schema,
  }),
  /** `position`: the event that names the commit. */
  z.strictObject({ kind: z.literal("commit"), commit: gitIdSchema, position: z.int().positive() }),
  /** A criterion of the specification with this digest. */
  z.strictObject({ kind: z.literal("criterion"), id: z.string(), specification: sha256Schema }),
]);
/** A statement's reference to its evidence. */
export type ReportReference = z.infer<typeof referenceSchema>;

/** The most characters of a statement; a longer one ends with an ellipsis. */
export const statementCharactersMax = 1000;
const statementSchema = z.strictObject({
  /** One line in which control and invisible characters are written out. */
  text: z.string().min(1).max(statementCharactersMax),
  /** False: the text says what is not known. */
  known: z.boolean(),
  evidence: z.array(referenceSchema).min(1),
});
/** One statement of a report. */
export type ReportStatement = z.infer<typeof statementSchema>;

/** What `aedev mission report --json` prints. `position`: the log's last event when the report was made. */
export const missionReportSchema = z.strictObject({
  schema: z.literal(1),
  mission_id: z.string(),
  title: z.string(),
  repository: z.string(),
  status: missionStatusSchema,
  position: z.int().positive(),
  sections: z
    .array(
      z.strictObject({
        name: z.enum(reportSectionNames),
        title: z.string(),
        statements: z.array(statementSchema).min(1),
      }),
    )
    .length(reportSectionNames.length),
});
/** The report about a mission. */
export type MissionReport = z.infer<typeof missionReportSchema>;

const digestCharacters = 12;

/** A reference in a few words. */
export function referenceText(reference: ReportReference): string {
  switch (reference.kind) {
    case "event":
      return `event ${reference.position} ${reference.type}`;
    case "evidence":
      return `${reference.entry ?? "bundle"} of evidence ${reference.bundle.slice(0, digestCharacters)}`;
    case "commit":
      return `commit ${reference.commit.slice(0, digestCharacters)}, event ${reference.position}`;
    case "criterion":
      return `${reference.id} of specification ${reference.specification.slice(0, digestCharacters)}`;
  }
}
