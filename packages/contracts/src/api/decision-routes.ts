/** What a person reads before they decide about a specification or a change: sentences for people, and the patch. */
import { z } from "zod";
import { specificationSchema } from "../specification.ts";
import { familySchema, verdictSchema } from "../verdict.ts";
import { idParameterSchema } from "./basics.ts";
import { patchFileSchema } from "./change-patch.ts";
import { missionDocumentSchema } from "./mission.ts";
import { taskDetailsSchema } from "./task.ts";

const lines = z.array(z.string());
/** Shares of the estimated chance of harm, largest first, in log-odds times 1,000. */
const shares = z.array(z.strictObject({ points: z.number(), text: z.string(), why: z.string() }));

/** A change with its evidence. */
const changeToDecideSchema = z.strictObject({
  digest: z.string(),
  /** The files of the patch, limited in lines; null: the client has those of this digest. */
  files: z.array(patchFileSchema).nullable(),
  /** How many files follow after `files`. */
  files_omitted: z.int().nonnegative(),
  /** Prints the whole patch. */
  patch_command: z.string(),
  /** Repeats the run from its recording and compares the results. */
  replay_command: z.string(),
  /** Why a person is asked; empty: the policy never merges such a change. */
  reasons: lines,
  /** Work that is not in the patch. */
  notes: lines,
  tests: z.strictObject({ status: z.string(), fail_to_pass: lines, pass_to_pass: z.int(), problems: lines }).nullable(),
  /** What was executed besides the tests, one sentence each. */
  proofs: lines,
  verdicts: z.array(
    z.strictObject({
      family: familySchema,
      model: z.string(),
      verdict: verdictSchema.shape.verdict,
      detail: z.string().nullable(),
      /** What the judge says about each criterion, and the places that it names as proof; empty: its answer says nothing, or is no longer kept. */
      criteria: z.array(
        z.strictObject({ id: z.string(), result: z.enum(["met", "not_met", "unclear"]), cited: z.array(z.string()) }),
      ),
    }),
  ),
  /** Such as `7.6 % chance of harm (low)`; null: not known. */
  risk: z.string().nullable(),
  harm: shares,
  against: shares,
  /** The title of the commit that it becomes, and where it lands. */
  commit: z.string(),
  lands: z.string(),
  /** Commands that a person runs after the landing to get the change; null: none. */
  take_in: z.string().nullable(),
});

/** `change`: null while a mission has no change to decide about. `task`: the mission's newest task. */
const decisionPageSchema = z
  .strictObject({
    position: z.int().nonnegative(),
    mission: missionDocumentSchema,
    task: taskDetailsSchema.nullable(),
    specification: specificationSchema,
    /** Of a plan: the specification of each part, which is approved with it; empty: the mission is one task. */
    parts: z.array(specificationSchema),
    change: changeToDecideSchema.nullable(),
  })
  .meta({ id: "DecisionPage" });
export type DecisionPage = z.infer<typeof decisionPageSchema>;
export type ChangeToDecide = z.infer<typeof changeToDecideSchema>;

/** `known`: the digest of the change whose files the client has. */
const decisionQuerySchema = z.strictObject({ known: z.string().max(100).optional() });

export const decisionRouteRows = {
  showDecision: {
    method: "GET",
    role: "viewer",
    path: "/api/missions/:id/decision",
    summary: "Show what a person decides about a mission: its specification, and its change with the evidence",
    params: idParameterSchema,
    query: decisionQuerySchema,
    answer: decisionPageSchema,
    refusals: [404],
  },
} as const;
