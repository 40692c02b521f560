/** Prepares a set-up run (base, prompt, limits) and reads the file that it leaves. The file is hostile until it is parsed and scanned here. */

import {
  type FileRunResult,
  imageWithPackages,
  type Registry,
  type RepositorySettings,
  type SetUpProposal,
  type SetUpRepository,
  type SetUpResult,
  setUpProposalSchema,
} from "@aedev/contracts";
import { type Refusal, refuse, type SetUpRunState } from "@aedev/core";
import type { Blobs, Configured, Mirrors, Records, Spending } from "../control/parts.ts";
import { fetchBase, listTree } from "../git/mirror.ts";
import { askedGateway, askedTokenGrant } from "./asked-budgets.ts";
import { failedRun, readRunFile, secretIn } from "./run-file.ts";

export type SetUpSpending = Spending & Configured<"setUpTokens">;
export type SetUpParts = SetUpSpending & Blobs & Mirrors & Records & Configured<"prepare" | "runLimits">;

/** The tokens that a set-up run may use if it is asked for now, or the reason why it can't be. */
export function setUpTokens(control: SetUpSpending): number | Refusal {
  const askedTokens = control.configuration.setUpTokens;
  if (askedTokens === 0)
    return refuse("no-tokens", "set-up runs are switched off: limits.set_up_tokens is 0", "raise it in config.yaml");
  return askedTokenGrant(control, { askedTokens, advice: "raise limits.day_tokens in config.yaml" });
}

/** The order for the run, without its id. Throws a Fault `HOLD-FETCH-FAILED`. */
export async function prepareSetUp(
  run: SetUpRunState,
  control: SetUpParts,
): Promise<Omit<SetUpRepository, "work_id" | "nonce" | "generation">> {
  const { configuration } = control;
  const { run_id, repository, url, settings, prompt, tokens } = run;
  const { commit } = await fetchBase({ ...control.mirror(repository), url });
  const budget = tokens < configuration.setUpTokens ? "limits.day_tokens" : "limits.set_up_tokens";
  return {
    kind: "SetUpRepository",
    run_id,
    repository,
    base_commit: commit,
    prompt,
    image: settings.image,
    limits: configuration.runLimits,
    gateway: askedGateway(control, { tokens, budget }),
  };
}

/** The path of every file in the order's base. */
export async function pathsOfBase(
  { repository, base_commit }: Pick<SetUpRepository, "repository" | "base_commit">,
  control: Mirrors,
): Promise<string[]> {
  const tree = await listTree({ ...control.mirror(repository), tree: base_commit });
  return tree.map(({ path }) => path);
}

/** Reads the proposal from a run's report. `settings`: what it should improve. `basePaths`: every file of the base. */
export async function readSetUp(
  report: FileRunResult,
  {
    settings,
    registries,
    basePaths,
  }: { settings: RepositorySettings; registries: readonly Registry[]; basePaths: readonly string[] },
): Promise<SetUpResult> {
  const read = readRunFile(report, { schema: setUpProposalSchema, of: "proposal" });
  if (read.outcome === "failed") return read;
  const proposal = read.content;
  const { prepare, build, verify, outputs, tests, writable, packages } = proposal;
  const commands = { prepare, build, ...Object.fromEntries(verify.map((command, at) => [`verify.${at}`, command])) };
  const texts = [...Object.values(commands), ...outputs, ...tests, ...writable, ...packages];
  const secret = await secretIn(texts.flatMap((text, at) => (text === null ? [] : [{ name: `text ${at + 1}`, text }])));
  if (secret !== null) return secret;
  for (const [name, command] of Object.entries(commands)) {
    const outside = command === null ? null : addressOutside(command, registries);
    if (outside !== null) return failedRun("wrong-form", `${name}: ${outside} is not one of the configured registries`);
  }
  const taken = writable.find((folder) => !settings.writable?.includes(folder) && holdsFiles(folder, basePaths));
  if (taken !== undefined)
    return failedRun("wrong-form", `writable: ${taken} has files of the repository; only a person makes it writable`);
  if (proposedSettings(settings, proposal) === null)
    return failedRun("wrong-form", `packages: they can't be added to the image ${settings.image ?? "of aedev"}`);
  return { outcome: "proposed", proposal };
}

/** The settings with the proposal applied; null if their image can't get the packages. */
export function proposedSettings(
  settings: RepositorySettings,
  { packages, writable, ...proposed }: SetUpProposal,
): RepositorySettings | null {
  const image = packages.length === 0 ? settings.image : imageWithPackages(settings.image, packages);
  if (packages.length > 0 && image === null) return null;
  const { writable: _before, ...others } = settings;
  return { ...others, ...proposed, image, ...(writable.length === 0 ? {} : { writable }) };
}

/** Whether tests could change a file of the base through this folder. A file at a parent path may be a symbolic link to a folder. */
function holdsFiles(folder: string, basePaths: readonly string[]): boolean {
  return basePaths.some((path) => path.startsWith(`${folder}/`) || `${folder}/`.startsWith(`${path}/`));
}

const loopback = /^(localhost|127(\.[0-9]{1,3}){3}|\[::1\])$/;

/** The first address in the command that is neither loopback nor a registry, or null. The sandbox can't reach it. */
function addressOutside(command: string, registries: readonly Registry[]): string | null {
  const addresses =
    command.match(/\b[a-z][a-z0-9+.-]*:\/\/[^\s'"`;|&<>()]*|\b[\w.-]+@[\w.-]+\.[a-z]+:[^\s'"]*/gi) ?? [];
  return addresses.find((address) => !isReachable(address, registries)) ?? null;
}

function isReachable(address: string, registries: readonly Registry[]): boolean {
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol)) return false;
  if (loopback.test(url.hostname)) return true;
  const secure = url.protocol === "https:";
  const port = url.port === "" ? (secure ? 443 : 80) : Number(url.port);
  return registries.some((one) => one.host === url.hostname && one.port === port && one.secure === secure);
}
