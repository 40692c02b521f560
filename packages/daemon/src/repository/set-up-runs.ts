/** Set-up runs for clients: whether one can be asked for, asking, waiting for its end, its document. A client that leaves cancels the run. ADR 0023. */
import { dockerfileOf, type RepositorySettings, recipeOfImage, repositoryNameSchema, tokensOf } from "@aedev/contracts";
import type { SetUpRun, Tried } from "@aedev/contracts/api";
import { type CommandBody, type Refusal, refuse, type SetUpRunState } from "@aedev/core";
import { makeCommand, newId, type Sender } from "../control/control.ts";
import type { Blobs, Commands, Configured, Records } from "../control/parts.ts";
import { type CoderProbes, canRunCoder, grantedTokens } from "../planes/probes.ts";
import { composeSetUpPrompt } from "../prompt/compose-set-up-prompt.ts";
import { proposedSettings, type SetUpSpending, setUpTokens } from "../work/set-up.ts";

interface Wanted {
  readonly name: string;
  readonly url: string;
  readonly settings: RepositorySettings;
  /** The last trial of these settings, and the image that it ran in; undefined if there was none. */
  readonly last: { readonly tried: Tried; readonly image: string | null } | undefined;
}

type SetUpRunParts = Blobs & Records & Commands & SetUpSpending & Configured<"prepare" | "system">;

/** The tokens that a set-up run could use now; undefined if none can be asked for. */
export async function offeredSetUpTokens(control: SetUpSpending, probes: CoderProbes): Promise<number | undefined> {
  const tokens = setUpTokens(control);
  return typeof tokens === "number" && (await canRunCoder(probes)) ? tokens : undefined;
}

/** Answers when the run has ended. `gone`: nobody waits for it any more. */
export async function performSetUpRun(
  { control, probes, caller }: { control: SetUpRunParts; probes: CoderProbes; caller: Sender },
  { name, url, settings: wanted, last }: Wanted,
  gone: AbortSignal,
): Promise<SetUpRun | Refusal> {
  if (last === undefined || last.tried.outcome === "green") return nothingToSetUp(name, last?.tried);
  const tokens = await grantedTokens(probes, { run: "a set-up run", tokensNow: () => setUpTokens(control) });
  if (typeof tokens !== "number") return tokens;
  const { tried, image } = last;
  const settings = { ...wanted, image };
  const { registries } = control.configuration.prepare;
  const prompt = control.blobs.put(composeSetUpPrompt({ settings, tried, registries }), "text/markdown");
  const repository = repositoryNameSchema.parse(name);
  const run_id = newId("r");
  const request = { kind: "RequestSetUpRun", run_id, repository, url, settings, prompt, tokens } as const;
  const run = await endOf(request, { control, caller }, gone);
  return "kind" in run ? run : documentOf(run, control);
}

function nothingToSetUp(name: string, tried: Tried | undefined): Refusal {
  const why = tried === undefined ? "were not tried since the daemon started" : "are green";
  return refuse(
    "nothing-to-set-up",
    `a set-up run follows a trial that is not green, and these settings of ${name} ${why}`,
    "aedev repo add PATH --set-up-run   (it tries the settings first)",
  );
}

/** Asks for the run and waits until it has ended, or cancels it if nobody waits any more. */
async function endOf(
  request: Extract<CommandBody, { kind: "RequestSetUpRun" }>,
  { control, caller }: { control: Records & Commands; caller: Sender },
  gone: AbortSignal,
): Promise<SetUpRunState | Refusal> {
  const { run_id } = request;
  const { promise: ended, resolve: end } = Promise.withResolvers<SetUpRunState | Refusal>();
  const giveUp = () => end(refuse("given-up", "the set-up run was cancelled"));
  // Subscribed before the request, because the run can end at once.
  const unsubscribe = control.log.subscribe((_events, { system }) => {
    const found = system.set_up_runs?.find((run) => run.run_id === run_id);
    if (found !== undefined && found.ended !== null) end(found);
  });
  const cancel = () => {
    giveUp();
    // After its end the log takes no command; closing it interrupts the run.
    control.log.submit(makeCommand({ kind: "CancelSetUpRun", run_id }, "control")).catch(giveUp);
  };
  try {
    const answer = await control.log.submit(makeCommand(request, caller));
    if (answer.kind === "refused") return answer;
    if (gone.aborted) cancel();
    else gone.addEventListener("abort", cancel, { once: true });
    return await ended;
  } finally {
    gone.removeEventListener("abort", cancel);
    unsubscribe();
  }
}

function documentOf({ run_id, tokens, ended, settings }: SetUpRunState, control: Configured<"system">): SetUpRun {
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
    dockerfile: recipe === undefined ? null : dockerfileOf(recipe, control.configuration.system.runner_image),
  };
}
