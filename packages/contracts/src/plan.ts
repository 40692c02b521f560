/** A plan: several parts of one mission, each a mission of its own with one task, and what each waits for. */
import { z } from "zod";
import { missionIdSchema, repositoryNameSchema, sha256Schema } from "./ids.ts";
import { hasControls } from "./safe-text.ts";

/** The most parts of a plan. */
export const planPartsMax = 32;
/** The most files that a part names as those that it is expected to change. */
export const planFilesMax = 100;

/** The name of a part in its plan; it can't be mistaken for a mission's id. */
export const planPartNameSchema = z
  .string()
  .regex(
    /^(?!m-)[a-z0-9][a-z0-9_-]{0,39}$/i,
    "a name has letters, digits, '_' and '-', at most 40, and does not start with m-",
  );

/**
 * What happens to the parts that have not started when another part is rejected, cancelled, taken back, or held until a person acts. `stop`: none starts.
 * `independent`: those start that do not come after it.
 */
export const failureRules = ["stop", "independent"] as const;
/** One of them. */
export const failureRuleSchema = z.enum(failureRules);
/** What a plan does about a failed part. */
export type FailureRule = z.infer<typeof failureRuleSchema>;

/** How much work a coder or a person expects. */
export const sizeSchema = z.enum(["small", "medium", "large"]);

/** A file or folder inside the repository, with forward slashes; a folder stands for all its files. */
export const planPathSchema = z
  .string()
  .min(1)
  .max(300)
  .refine(
    (path) => !/^\/|\\|(?:^|\/)\.\.?(?:\/|$)/.test(path) && !hasControls(path),
    "a path inside the repository, such as src/api.ts or src/",
  );

/** A part's place in its plan. */
const placeFields = {
  name: planPartNameSchema,
  mission_id: missionIdSchema,
  /** Names of the parts that must have landed before. */
  after: z.array(planPartNameSchema).max(planPartsMax),
  /** Names of further parts that must have landed before, because they are expected to change the same files. */
  implied: z.array(planPartNameSchema).max(planPartsMax),
  /** The files that it is expected to change; empty: not known. */
  files: z.array(planPathSchema).max(planFilesMax),
  /** Digest of its text, criteria and repository as a person wrote them; absent: not known. */
  written: sha256Schema.exactOptional(),
};

/** A part as the log keeps it. `clear`: it has no open question. */
export const plannedPartSchema = z.strictObject({ ...placeFields, clear: z.boolean() });
/** A part of a plan, as the log keeps it. */
export type PlannedPart = z.infer<typeof plannedPartSchema>;

/** What differs between two versions of a plan: names of parts, what changed in each, and the rule if it changed. */
export const planDifferenceSchema = z.strictObject({
  added: z.array(planPartNameSchema),
  removed: z.array(planPartNameSchema),
  /** `request`: text, criteria or repository. `order`: what it comes after. */
  changed: z.array(z.strictObject({ name: planPartNameSchema, what: z.array(z.enum(["request", "order", "files"])) })),
  on_failure: failureRuleSchema.exactOptional(),
});
/** The difference between two versions of a plan. */
export type PlanDifference = z.infer<typeof planDifferenceSchema>;

/** The plan inside a mission's specification: whoever approves its hash approves the specification of each part. */
export const specifiedPlanSchema = z.strictObject({
  on_failure: failureRuleSchema,
  parts: z
    .array(
      z.strictObject({
        ...placeFields,
        title: z.string().max(120),
        /** Its text is a coder's, accepted unchanged. */
        drafted: z.literal(true).exactOptional(),
        repository: repositoryNameSchema,
        /** Digest of the part's own specification. */
        specification: sha256Schema,
      }),
    )
    .min(1)
    .max(planPartsMax),
});
/** A plan as its mission's specification has it. */
export type SpecifiedPlan = z.infer<typeof specifiedPlanSchema>;
