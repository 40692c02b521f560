/** Documents and request bodies of repositories: registration, detection, and the trial of settings. */
import { z } from "zod";
import { checkoutFolderSchema } from "../checkout-folder.ts";
import { commitTemplateSchema } from "../commit-template.ts";
import { eventSchemas } from "../events/event.ts";
import { profileSchema } from "../events/profile.ts";
import { holdCodeSchema } from "../hold-code.ts";
import { instantSchema } from "../ids.ts";
import { branchPrefixSchema, landingWaySchema, permittedWritesSchema } from "../landing-way.ts";
import { laneClosedSchema, laneKindSchema, laneRecordSchema } from "../lane.ts";
import { runFileFailureSchema } from "../run-file.ts";
import { registeredFolderSchema, repositorySettingsSchema, submoduleSchema, submodulesMax } from "../settings.ts";
import { simpleGlobSchema } from "../simple-glob.ts";
import { wordsCharactersMax } from "../specification.ts";
import { mutationTimeSchema } from "../units.ts";
import { commaSeparated, oneOrMore } from "./basics.ts";
import { gitHubAccessSchema } from "./github-access.ts";
import { workPauseSchema } from "./pause.ts";

/** How changes of a kind turned out that merged by themselves since the lane was last opened. `closed`: why they are asked about, and since when. */
const laneDocumentSchema = laneRecordSchema.extend({
  kind: laneKindSchema,
  since: instantSchema.optional(),
  closed: laneClosedSchema.extend({ at: instantSchema }).optional(),
});
export type LaneDocument = z.infer<typeof laneDocumentSchema>;

/** A registered repository. */
export const repositoryDocumentSchema = eventSchemas.RepositoryConfigured.extend({
  name: z.string(),
  /** No run and no landing starts in it until it is resumed. */
  paused: z.boolean(),
  /** Absent: landings are not paused on their own. */
  landings_paused: z.literal(true).optional(),
  /** What aedev may push there according to the registration and the configuration; absent: the configuration can't be read. */
  writes: permittedWritesSchema.optional(),
  /** Only in the answer about one repository; absent: nothing merged there by itself. */
  lanes: z.array(laneDocumentSchema).optional(),
}).meta({ id: "Repository" });
export type RepositoryDocument = z.infer<typeof repositoryDocumentSchema>;
/** A repository whose runs or landings were resumed. */
export const resumedRepositorySchema = repositoryDocumentSchema
  .extend({
    /** Whether it was paused before this request. */
    was_paused: z.boolean(),
    /** Set if all work is paused in addition; missing: it is not. */
    all_paused: workPauseSchema.optional(),
  })
  .meta({ id: "ResumedRepository" });
export type ResumedRepository = z.infer<typeof resumedRepositorySchema>;
export const repositoryListSchema = z.strictObject({ repositories: z.array(repositoryDocumentSchema) });

/** `per-test`: the checks give a result per test. `exit-code`: they give only an exit code, so every change needs approval. `none`: there are no checks. */
const checkKindSchema = z.enum(["per-test", "exit-code", "none"]);

/** An image that these commands need. `example`: a command that builds such an image, to read and adapt. */
const imageNeedSchema = z.strictObject({ why: z.string(), example: z.string(), image: z.string() });
/** Why a setting is proposed, or why it has its value. */
const settingReasonSchema = z.strictObject({ setting: repositorySettingsSchema.keyof(), why: z.string() });
const languageSchema = z.enum(["node", "python", "go", "rust", "java", "ruby", "php", "make"]);

/** What was detected in a repository. A registered repository is not searched, because its settings keep their values. */
export const detectionSchema = z
  .strictObject({
    name: z.string(),
    url: z.string(),
    target: repositoryDocumentSchema.shape.target,
    known: repositoryDocumentSchema.nullable(),
    branch: z.string().nullable(),
    commit: z.string().nullable(),
    /** A branch of the remote, such as `aedev`, whose name keeps git from storing branches below it; absent: there is none. */
    branch_in_the_way: z.string().optional(),
    /** The branch that the working copy has checked out, if it has an origin; absent: there is none. */
    checkout: z.string().optional(),
    languages: z.array(z.strictObject({ language: languageSchema, tools: z.array(z.string()) })),
    /** If `verify` is empty, no checks were found. */
    settings: repositorySettingsSchema.nullable(),
    /** Null if `.aedev.yaml` names the commands: only a trial shows what kind of results they give. */
    checks: checkKindSchema.nullable(),
    /** Null if the default image suffices or an image was given. */
    needs_image: imageNeedSchema.nullable(),
    reasons: z.array(settingReasonSchema),
    notes: z.array(z.string()),
    /** Settings to try next, in order, if the ones before are not green with a result for each test. */
    alternatives: z.array(
      z.strictObject({
        why: z.string(),
        settings: repositorySettingsSchema.partial(),
        /** It changes only how packages are fetched, so try it only if fetching failed. */
        only_if_fetch_failed: z.literal(true).optional(),
      }),
    ),
    /** Tokens that a set-up run could use now; absent if none can be asked for. */
    set_up_tokens: z.int().positive().optional(),
    /** Absent for a repository that is not on the configured GitHub. */
    github: gitHubAccessSchema.optional(),
    /** The base's submodules: those that can be fetched, and why the others can't; absent: nobody asked. */
    submodules: z
      .strictObject({
        offered: z.array(submoduleSchema),
        left_out: z.array(z.strictObject({ path: z.string(), why: z.string() })),
      })
      .optional(),
  })
  .meta({ id: "Detection" });
export type Detection = z.infer<typeof detectionSchema>;

/** The result of one command on the base. */
const triedCommandSchema = z.strictObject({
  command: z.string(),
  exit_code: z.int().nullable(),
  timed_out: z.boolean(),
  duration_ms: z.number(),
  /** Null if the command gives only an exit code. */
  tests: z.strictObject({ passed: z.int(), failed: z.int(), skipped: z.int() }).nullable(),
  failing: z.array(z.string()),
  /** Why its result can't be trusted; null if it can. */
  incomplete: z.string().nullable(),
  output_tail: z.string(),
});
export type TriedCommand = z.infer<typeof triedCommandSchema>;

/**
 * The result of a trial. `green`: everything ran and passed. `red`: a command failed or its result can't be trusted. `nothing`: prepare
 * works, but there are no checks. `held`: the trial could not run; `code` says why, as for a task.
 */
export const triedSchema = z
  .strictObject({
    outcome: z.enum(["green", "red", "nothing", "held"]),
    code: holdCodeSchema.nullable(),
    detail: z.string().nullable(),
    commands: z.array(triedCommandSchema),
    /** Why the results prove less than they could. */
    notes: z.array(z.string()),
    /** Folders that the settings do not name and that had to be writable for these results; save them with the settings. */
    writable: z.array(z.string()),
    /**
     * Verify commands that leave out the failing tests, with the names of those tests; null if the trial is green or there are no such commands. They
     * have not been tried.
     */
    without_failing: z
      .strictObject({ verify: z.array(z.string()), tests: z.array(z.string()) })
      .readonly()
      .nullable(),
    commit: z.string(),
    ref: z.string(),
  })
  .meta({ id: "Tried" });
export type Tried = z.infer<typeof triedSchema>;

/** The steps of the running trial: the last ones, newest last, and the number of all steps; empty without a trial. Steps are never evidence. */
export const trialProgressSchema = z
  .strictObject({ name: z.string(), lines: z.array(z.string()), begun: z.int().nonnegative() })
  .meta({ id: "TrialProgress" });

/** A set-up run that has ended: the coder's proposal, or why there is none. */
export const setUpRunSchema = z
  .strictObject({
    run_id: z.string(),
    status: z.enum(["proposed", "failed", "interrupted"]),
    /** The run's token budget. `used`: tokens that it used; null: not known. */
    tokens: z.int().positive(),
    tokens_used: z.int().nonnegative().nullable(),
    code: runFileFailureSchema.nullable(),
    detail: z.string().nullable(),
    /** The proposed settings. Nothing has tried them. */
    settings: repositorySettingsSchema.nullable(),
    /** How to build their image, if it has packages that the previous image lacks. */
    dockerfile: z.string().nullable(),
  })
  .meta({ id: "SetUpRun" });
export type SetUpRun = z.infer<typeof setUpRunSchema>;

const command = z.string().max(2000);
const source = {
  path_or_url: z.string().min(1).max(2000),
  /** The branch that missions start from and land on; absent: the current base, or else the remote's default branch. */
  base: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._/+-]{0,199}$/u, "not a plain branch name")
    .nullish(),
};
const settings = {
  prepare: command.nullish(),
  build: command.nullish(),
  inputs: commaSeparated(simpleGlobSchema).nullish(),
  outputs: commaSeparated(z.string().min(1).max(300)).nullish(),
  verify: oneOrMore(command.min(1)).nullish(),
  tests: oneOrMore(simpleGlobSchema).nullish(),
  image: z.string().max(300).nullish(),
  writable: commaSeparated(checkoutFolderSchema).nullish(),
  /** The only folder of the repository that is registered; it can't be changed later. */
  folder: registeredFolderSchema.nullish(),
  /** A duration with its unit; empty: no mutation. */
  mutation_time: z.union([z.literal(""), mutationTimeSchema]).nullish(),
  /** Submodules from those that detection offered; empty: none. */
  submodules: z.array(submoduleSchema).max(submodulesMax).nullish(),
};
/** A registration or a change of settings; absent keys keep their values. */
export const registrationSchema = z.strictObject({
  ...source,
  name: z.string(),
  ...settings,
  profile: profileSchema.nullish(),
  allow_writes: z.boolean().nullish(),
  landing: landingWaySchema.nullish(),
  /** Empty: none. */
  commit_template: z.union([z.literal(""), commitTemplateSchema]).nullish(),
  /** Empty: the usual one. */
  branch_prefix: z.union([z.literal(""), branchPrefixSchema]).nullish(),
});
/** What a caller sends to register a repository or change its settings. */
export type Registration = z.input<typeof registrationSchema>;
/** `cancel_open`: open missions of the repository are cancelled first. */
export const removalBodySchema = z.strictObject({ cancel_open: z.boolean().default(false) });
/** `lane`: absent opens all lanes of the repository. */
export const reopenLaneBodySchema = z.strictObject({
  lane: laneKindSchema.nullish(),
  reason: z.string().min(1).max(wordsCharactersMax),
});
export const removedSchema = z.strictObject({ name: z.string(), removed: z.literal(true) });
/** Settings to try on the base of a repository, before or after it is registered. */
export const trialBodySchema = z.strictObject({ ...source, name: z.string(), ...settings });
export type TrialBody = z.infer<typeof trialBodySchema>;
export const detectionBodySchema = z.strictObject({
  ...source,
  name: z.string().nullish(),
  image: settings.image,
  folder: settings.folder,
  branch_prefix: z.union([z.literal(""), branchPrefixSchema]).nullish(),
  /** True: also read the base's submodules of a registered repository. */
  submodules: z.boolean().nullish(),
  /** True: don't ask GitHub about the credential. */
  without_access: z.literal(true).optional(),
});
