/** A set-up run over HTTP: whether one can be asked for, asking, waiting for its end, and its document. A client that leaves cancels it. ADR 0023. */
import { type RepositorySettings, recipeOfImage, repositoryNameSchema, tokensOf } from "@aedev/contracts";
import type { SetUpRun, Tried } from "@aedev/contracts/api";
import { type Refusal, refuse, type SetUpRunState } from "@aedev/core";
import { type Control, makeCommand, newId } from "../../control/control.ts";
import { composeSetUpPrompt } from "../../prompt/compose-set-up-prompt.ts";
import { proposedSettings, setUpTokens } from "../../work/set-up.ts";
import { type DraftProbes, hasCoder } from "./draft-routes.ts";
import { type ErrorAnswer, refusal } from "./handler.ts";

interface Wanted {
  readonly name: string;
  readonly url: string;
  readonly settings: RepositorySettings;
  /** The last trial of these settings, and the image that it ran in; undefined if there was none. */
  readonly last: { readonly tried: Tried; readonly image: string | null } | undefined;
}

/** What a set-up run could use now; undefined if none can be asked for. */
export async function offeredSetUpTokens(control: Control, probes: DraftProbes): Promise<number | undefined> {
  const tokens = setUpTokens(control);
  return typeof tokens === "number" && (await hasCoder(probes)) ? tokens : undefined;
}

/** Answers when the run has ended. `gone`: nobody waits for it any longer. */
export async function performSetUpRun(
  { control, probes }: { control: Control; probes: DraftProbes },
  wanted: Wanted,
  gone: AbortSignal,
): Promise<SetUpRun | ErrorAnswer> {
  const { name, url, last } = wanted;
  if (last === undefined || last.tried.outcome === "green") return refusal(nothingToSetUp(name, last?.tried));
  const { tried, image } = last;
  const settings = { ...wanted.settings, image };
  const hasCredential = await probes.hasCredential();
  const tokens = setUpTokens(control);
  if (typeof tokens !== "number") return refusal(tokens);
  if (!hasCredential) return refusal(noCredential);
  const { registries } = control.configuration.prepare;
  const prompt = control.blobs.put(composeSetUpPrompt({ settings, tried, registries }), "text/markdown");
  const run_id = newId("r");
  const ended = endOf(run_id, control);
  const cancel = () => {
    ended.giveUp();
    // A log that has ended takes no command; its end interrupts the run.
    control.log.submit(makeCommand({ kind: "CancelSetUpRun", run_id }, "operator")).catch(ended.giveUp);
  };
  try {
    const repository = repositoryNameSchema.parse(name);
    const asked = { kind: "RequestSetUpRun", run_id, repository, url, settings, prompt, tokens } as const;
    const answer = await control.log.submit(makeCommand(asked, "operator"));
    if (answer.kind === "refused") return refusal(answer);
    if (gone.aborted) cancel();
    else gone.addEventListener("abort", cancel, { once: true });
    const run = await ended.run;
    return run === null ? refusal(refuse("given-up", "the set-up run was cancelled")) : documentOf(run, control);
  } finally {
    gone.removeEventListener("abort", cancel);
    ended.close();
  }
}

const noCredential = refuse(
  "no-credentials",
  "a set-up run is a run of the coder, and the coder has no credential",
  "aedev secrets set AEDEV_CLAUDE_OAUTH_TOKEN",
);

function nothingToSetUp(name: string, tried: Tried | undefined): Refusal {
  const why = tried === undefined ? "were not tried since the daemon started" : "are green";
  return refuse("not-tried", `a set-up run follows a trial that is not green, and these settings of ${name} ${why}`);
}

/** `run`: the run once it has ended, null if its end is no longer waited for. */
function endOf(runId: string, control: Control) {
  let settle: (run: SetUpRunState | null) => void = () => undefined;
  const run = new Promise<SetUpRunState | null>((resolve) => {
    settle = resolve;
  });
  const close = control.log.subscribe((_events, { system }) => {
    const found = system.set_up_runs?.find(({ run_id }) => run_id === runId);
    if (found !== undefined && found.ended !== null) settle(found);
  });
  return { run, close, giveUp: () => settle(null) };
}

function documentOf({ run_id, tokens, ended, settings }: SetUpRunState, control: Control): SetUpRun {
  if (ended === null) throw new Error("a document of a set-up run that has not ended");
  const { result, usage } = ended;
  const proposed = result.outcome === "proposed" ? proposedSettings(settings, result.proposal) : null;
  const image = proposed === null || proposed.image === settings.image ? null : proposed.image;
  const recipe = image === null ? undefined : recipeOfImage(image);
  return {
    run_id,
    status: result.outcome,
    tokens,
    tokens_used: usage === null ? null : tokensOf(usage),
    code: result.outcome === "failed" ? result.code : null,
    detail: result.outcome === "failed" ? result.detail : null,
    settings: proposed,
    dockerfile:
      recipe === undefined ? null : [`FROM ${control.configuration.system.runner_image}`, ...recipe.lines].join("\n"),
  };
}
