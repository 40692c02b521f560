/** The schema of `config/default.yaml` and the operator's `config.yaml`: strict, with units as text in the file, and whole milliseconds and bytes here. */

import { durationMsSchema, type GatewayLimits, hasControls, sandboxLinkSchema } from "@aedev/contracts";
import { productVersion } from "@aedev/host/product";
import { z } from "zod";
import { budgetsOf } from "./budget-keys.ts";
import { dayTimeSchema, dayWindowSchema } from "./day-times.ts";
import { limitsSchema, runLimitsOf } from "./limits-schema.ts";
import { proposalsSchema } from "./proposal-sources.ts";
import { registryAddressSchema } from "./registry-address.ts";
import { retentionOf, retentionSchema } from "./retention.ts";

export const portSchema = z.coerce
  .number("not a port")
  .int("not a port")
  .min(0, "not a port")
  .max(65_535, "not a port");
export const modelNameSchema = z.string().min(1).max(100);
/** Address of a model API. Plain http is allowed only on this machine, because a credential is sent there. */
export const addressSchema = z.url({ protocol: /^https?$/, error: "not an http(s) address" }).refine((text) => {
  const url = URL.parse(text);
  if (url === null || url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") return false;
  return url.protocol === "https:" || /^(localhost|127(\.[0-9]{1,3}){3}|\[::1\])$/.test(url.hostname);
}, "needs https (http only on loopback) and no credentials, query or fragment");
/** Where repositories are. An origin without a path, because a credential is for exactly that. */
export const originSchema = addressSchema
  .refine((text) => URL.parse(text)?.pathname === "/", "needs scheme and host only, such as https://github.com")
  .transform((text) => new URL(text).origin);
/** Copied unchanged into a commit's author line. */
const identitySchema = z
  .string()
  .refine(
    (text) => /^[^<>]{1,200}$/u.test(text) && !hasControls(text),
    "must be 1 to 200 characters without '<', '>' or control characters",
  );
/** GitHub takes labels of up to 50 characters, and a comma would split one wherever people search for it. */
const labelSchema = z
  .string()
  .refine(
    (text) => /^[^,\s](?:[^,]{0,48}[^,\s])?$/u.test(text) && !hasControls(text),
    "must be 1 to 50 characters without commas, control characters or spaces around it",
  );
/** Copied unchanged into a commit's trailer. */
const coAuthorSchema = z
  .string()
  .max(400)
  .refine(
    (text) => /^[^<>\s][^<>]* <[^<>\s]+@[^<>\s]+>$/u.test(text) && !hasControls(text),
    'must be like "Name <mail@example.com>"',
  );
const countSchema = z.int().positive();
const dayMs = 86_400_000;
/** A topic name that the push server's documentation allows. */
export const topicSchema = z
  .string()
  .regex(/^[-_A-Za-z0-9]{1,64}$/, "a topic is at most 64 letters, digits, '-' and '_'");

export const configurationSourceSchema = z.strictObject({
  system: z.strictObject({
    allow_remote_writes: z.boolean(),
    port: z.int().min(0).max(65_535),
    runner_image: z.string().min(1).max(300).transform(withVersion),
    sandbox_link: sandboxLinkSchema,
  }),
  board: z.strictObject({
    /** Whether the status board needs no token, so that every account of this machine can see it. */
    public: z.boolean(),
  }),
  web: z.strictObject({
    /** Where a proxy or tunnel of the person's own serves the web app; null: nowhere. */
    url: originSchema
      .refine(
        (text) => text.startsWith("https:"),
        "needs https: over plain http a browser's cookie can be read on the way",
      )
      .nullable(),
    port: portSchema,
  }),
  auth: z.strictObject({ allow_api_key: z.boolean(), claude_login: z.boolean() }),
  limits: limitsSchema,
  prepare: z.strictObject({ registries: z.array(registryAddressSchema).max(100) }),
  retention: retentionSchema,
  memory: z.strictObject({
    /** Whether runs get lessons. */
    enabled: z.boolean(),
    /** The share of runs that a lesson is left out of, so that its effect can be measured. */
    holdout: z.number().min(0).max(0.5),
  }),
  models: z.strictObject({
    coder: modelNameSchema,
    coder_small: modelNameSchema,
    openai: modelNameSchema,
    gemini: modelNameSchema,
    compatible: modelNameSchema.nullable(),
  }),
  addresses: z.strictObject({
    anthropic: addressSchema,
    openai: addressSchema.nullable(),
    gemini: addressSchema.nullable(),
    compatible: addressSchema.nullable(),
  }),
  notifications: z.strictObject({
    url: addressSchema,
    topic: topicSchema.nullable(),
    reply_topic: topicSchema.nullable(),
    public_url: addressSchema.nullable(),
    approval_port: portSchema,
    quiet_hours: dayWindowSchema.nullable(),
    digest: dayTimeSchema.nullable(),
    fold_for: durationMsSchema.refine((ms) => ms <= dayMs, "must be at most 1d"),
    mission_delay: durationMsSchema.refine((ms) => ms <= dayMs, "must be at most 1d"),
    timeout: durationMsSchema.refine((ms) => ms <= 600_000, "must be at most 10m"),
  }),
  landing: z.strictObject({
    without_permission: z.enum(["ask", "hold"]),
    draft: z.enum(["never", "after-judging"]),
    draft_runs_workflows: z.boolean(),
    reviewers: z.enum(["none", "code-owners"]),
    author_name: identitySchema,
    author_email: identitySchema,
    sign_off: z.boolean(),
    co_author: coAuthorSchema.nullable(),
    sign: z.enum(["none", "ssh", "gpg"]),
    signing_key: z.string().min(1).max(1000).nullable(),
    git_timeout: durationMsSchema,
  }),
  github: z.strictObject({
    url: originSchema,
    api_url: addressSchema,
    app_id: countSchema.nullable(),
    merge_method: z.enum(["merge", "squash", "rebase"]).nullable(),
    labels: z.array(labelSchema).max(20),
    poll: durationMsSchema.refine((ms) => ms >= 1000 && ms <= dayMs, "must be 1s to 1d"),
    review_instructions: z.boolean(),
    wait: durationMsSchema.refine((ms) => ms <= 30 * dayMs, "must be at most 30d"),
    timeout: durationMsSchema.refine((ms) => ms <= 600_000, "must be at most 10m"),
    webhook_port: z.int().min(0).max(65_535).nullable(),
  }),
  outcomes: z.strictObject({
    watch: durationMsSchema.refine((ms) => ms <= 90 * dayMs, "must be at most 90d").nullable(),
    poll: durationMsSchema.refine((ms) => ms >= 1000 && ms <= dayMs, "must be 1s to 1d"),
  }),
  proposals: proposalsSchema,
  intake: z.strictObject({
    github: z.strictObject({
      enabled: z.boolean(),
      label: labelSchema,
      poll: durationMsSchema.refine((ms) => ms >= 1000 && ms <= dayMs, "must be 1s to 1d"),
    }),
  }),
});
type ConfigurationSource = z.infer<typeof configurationSourceSchema>;

/** Null: commits are not signed. */
function signerOf({ sign, signing_key: key }: ConfigurationSource["landing"]) {
  return sign === "none" || key === null ? null : { kind: sign, key };
}

function trailersOf({ co_author, sign_off, author_name, author_email }: ConfigurationSource["landing"]): string[] {
  return [
    ...(co_author === null ? [] : [`Co-authored-by: ${co_author}`]),
    ...(sign_off ? [`Signed-off-by: ${author_name} <${author_email}>`] : []),
  ];
}

/** The daemon's configuration. `addresses.openai` and `gemini` null: the client's default address. `system.port` 0: any free port. */
export type Configuration = ReturnType<typeof configurationOf>;

/** Maps the file's names to the program's, which include their unit. */
export function configurationOf({
  limits,
  landing,
  notifications,
  github,
  outcomes,
  intake,
  proposals,
  retention,
  ...source
}: ConfigurationSource) {
  return {
    ...source,
    retention: retentionOf(retention),
    runLimits: runLimitsOf(limits),
    gatewayLimits: {
      model: source.models.coder,
      small_model: source.models.coder_small,
      max_output_tokens: limits.output_tokens,
      run_tokens: limits.run_tokens,
      token_budget: "limits.run_tokens" as const,
      requests_in_flight: limits.requests_in_flight,
      requests_max: limits.requests,
      requests_per_minute: limits.requests_per_minute,
      request_bytes: limits.request_bytes,
      response_bytes: limits.response_bytes,
      recorded_bytes: limits.recorded_bytes,
      repeated_calls: limits.repeated_calls,
      edit_cycles: limits.edit_cycles,
    } satisfies GatewayLimits,
    /** What runs may use, each and together. */
    budgets: budgetsOf(limits),
    /** How many runs in a row a usage limit may end before a person is needed. */
    usageResumes: limits.usage_resumes,
    /** How many judgements each vendor may be working on at a time. */
    vendorJudgements: limits.vendor_judgements,
    /** Tokens of one set-up run; 0: none is offered. */
    setUpTokens: limits.set_up_tokens,
    /** How many runs are active at a time, in all and per repository (null: only the total counts), and the hours in which runs may start (null: always). */
    schedule: {
      concurrentRuns: limits.concurrent_runs,
      repositoryRuns: limits.repository_runs,
      runWindow: limits.run_window,
    },
    notifications: {
      /** Origin and path of the push server, without a trailing slash. */
      url: notifications.url.replace(/\/+$/, ""),
      topic: notifications.topic,
      replyTopic: notifications.reply_topic,
      publicUrl: notifications.public_url?.replace(/\/+$/, "") ?? null,
      approvalPort: notifications.approval_port,
      quietHours: notifications.quiet_hours,
      digestMinute: notifications.digest,
      foldForMs: notifications.fold_for,
      missionDelayMs: notifications.mission_delay,
      timeoutMs: notifications.timeout,
    },
    landing: {
      without_permission: landing.without_permission,
      draft: landing.draft,
      /** True: even in repositories whose workflows run on the draft. */
      draft_runs_workflows: landing.draft_runs_workflows,
      /** Who is asked to review a pull request if the gate asked a person about its change. */
      reviewers: landing.reviewers,
      author_name: landing.author_name,
      author_email: landing.author_email,
      /** Lines at the end of each landed commit's message, besides aedev's own. */
      trailers: trailersOf(landing),
      signer: signerOf(landing),
      git_timeout_ms: landing.git_timeout,
    },
    github: {
      /** Origin of the repositories' https addresses, without a trailing slash. */
      url: github.url,
      apiUrl: github.api_url.replace(/\/+$/, ""),
      appId: github.app_id,
      /** Null: the first of merge, squash and rebase that the repository allows. */
      mergeMethod: github.merge_method,
      labels: github.labels,
      pollMs: github.poll,
      /** Whether reviews of a waiting pull request send its change back. */
      reviewInstructions: github.review_instructions,
      waitMs: github.wait,
      timeoutMs: github.timeout,
      /** The port that takes webhook deliveries; null: none. */
      webhookPort: github.webhook_port,
    },
    /** How long a landed change is watched (null: not at all), and the pause between two looks. */
    outcomes: { watchMs: outcomes.watch, pollMs: outcomes.poll },
    /** Missions from issues at GitHub. */
    intake: {
      enabled: intake.github.enabled,
      label: intake.github.label,
      pollMs: intake.github.poll,
    },
    /** What missions are proposed from, and how many at most within a day in each repository. */
    proposals: { sources: proposals.sources, perDay: proposals.per_day },
  };
}

/** The runner image without a tag is this version's. */
function withVersion(image: string): string {
  return image === "aedev-runner" ? `${image}:${productVersion()}` : image;
}
