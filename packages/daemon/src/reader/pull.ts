/** Brings a checkout of a registered repository forward to what landed there, by the log. The daemon may be up or down. */
import { branchName, escapeLine, Fault, landingWayOf, shellWord } from "@aedev/contracts";
import { entityById, type State } from "@aedev/core/reading";
import type { OwnRepository } from "@aedev/host/git/own-repository";
import { type HomeOptions, loadConfiguration } from "../configuration/load-configuration.ts";
import { checkedOutBranch, checkoutAround, remotesOf } from "../git/checkout.ts";
import { type FastForward, fastForward } from "../git/fast-forward.ts";
import { isSameRemote } from "../github/address.ts";
import type { LandedChange } from "../log/view-queries.ts";
import { type OfflineHome, openOffline } from "./open-offline.ts";

const gitTimeoutMs = 600_000;
const configTimeoutMs = 10_000;
const namedMax = 10;

/** What a pull brought into the checkout. */
export interface Pulled extends Omit<FastForward, "from" | "to" | "commits"> {
  /** Where the branch was and is; null: nothing has landed on it yet. */
  readonly from: string | null;
  readonly to: string | null;
  readonly repository: string;
  /** The checkout's top folder. */
  readonly folder: string;
  /** Without `refs/heads/`. */
  readonly branch: string;
  readonly commits: number;
  /** Whose changes are among the commits, in the order in which they landed. */
  readonly landed: readonly Omit<LandedChange, "ref" | "position">[];
}

/** A home and a checkout that are open for pulling. */
export interface PullReader extends Disposable {
  /** Position of the log's last event, and of the repository's newest landing (0: none). */
  newest(): { readonly position: number; readonly landing: number };
  /** Throws as `fastForward` does, and a Fault `log-untrusted` or `checkout-branch`. */
  pull(): Promise<Pulled>;
}

/** `repository`: default: the registered one whose address or folder the checkout's remotes or folder are. Throws a Fault `unknown-repository`, `not-a-repository` or `git-owner`. */
export async function openPull(
  options: HomeOptions & { readonly folder: string; readonly repository?: string | undefined },
): Promise<PullReader> {
  const checkout = checkoutAround(options.folder);
  const home = openOffline(options.home);
  try {
    const name = options.repository ?? (await repositoryOf(checkout, home.state(), options));
    registrationOf(home.state(), name);
    return {
      newest: () =>
        home.atOnce(({ views, position }) => ({ position, landing: views.landingsIn(name).at(-1)?.position ?? 0 })),
      pull: () => pullInto(checkout, { home, folder: options.home, name }),
      [Symbol.dispose]: () => home[Symbol.dispose](),
    };
  } catch (error) {
    home[Symbol.dispose]();
    throw error;
  }
}

async function repositoryOf(checkout: OwnRepository, { repositories }: State, options: HomeOptions): Promise<string> {
  const { github } = loadConfiguration(options);
  const { folder, commonDir } = checkout;
  const addresses = [...(await remotesOf(checkout, configTimeoutMs)), folder, commonDir];
  const found = Object.values(repositories).filter(({ url }) =>
    addresses.some((address) => isSameRemote(withoutScheme(address), url, github)),
  );
  const [only] = found;
  if (found.length === 1 && only !== undefined) return only.name;
  const names = (found.length > 0 ? found : Object.values(repositories)).map(({ name }) => name);
  const what = found.length > 0 ? "several registered repositories have" : "no registered repository has";
  const listed =
    names.length > 0 && names.length <= namedMax ? `--repo with one of: ${names.join(", ")}` : "aedev repo list";
  throw new Fault("unknown-repository", `${what} the address of a remote of ${folder}`, { hint: listed });
}

/** Registered folders are paths. */
const withoutScheme = (address: string) => address.replace(/^file:\/\/(?:localhost)?(?=\/)/, "");

function registrationOf({ repositories }: State, name: string) {
  const found = entityById(repositories, name);
  if (found !== undefined) return found;
  throw new Fault("unknown-repository", `there is no repository named ${name}`, { hint: "aedev repo list" });
}

async function pullInto(
  checkout: OwnRepository,
  { home, folder, name }: { home: OfflineHome; folder: string; name: string },
): Promise<Pulled> {
  const untrusted = home.untrusted();
  if (untrusted !== null)
    throw new Fault("log-untrusted", `the log is not trusted: ${untrusted.reasons[0] ?? ""}`, { hint: untrusted.help });
  const branch = checkedOutBranch(checkout);
  const landings = home.atOnce(({ views }) => views.landingsIn(name));
  requireLandingBranch(branch, { checkout, landings, registration: registrationOf(home.state(), name) });
  const newest = landings.findLast(({ ref }) => ref === branch);
  const common = { repository: name, folder: checkout.folder, branch: branchName(branch) };
  if (newest === undefined)
    return {
      ...common,
      ...{ from: null, to: null, commits: 0, files_changed: 0, insertions: 0, deletions: 0, landed: [] },
    };
  const options = { home: folder, repository: name, timeoutMs: gitTimeoutMs };
  const { commits, ...step } = await fastForward({ ...options, checkout, branch, to: newest.commit });
  const came = new Set(commits);
  const landed = landings
    .filter(({ commit }) => came.has(commit))
    .map(({ task_id, mission_id, title, commit }) => ({ task_id, mission_id, title, commit }));
  return { ...common, ...step, commits: commits.length, landed };
}

/** Throws unless aedev lands on this branch: the repository's base, or before that is fixed, where its newest change landed. */
function requireLandingBranch(
  branch: string,
  {
    checkout: { folder },
    landings,
    registration,
  }: { checkout: OwnRepository; landings: readonly LandedChange[]; registration: State["repositories"][string] },
): void {
  const { name, base } = registration;
  const at = shellWord(folder);
  const here = `${escapeLine(branchName(branch), 100)} is checked out in ${folder}`;
  if (landingWayOf(registration) === "branch")
    throw new Fault("checkout-branch", `${here}, and in ${name} each change lands on a branch of its own`, {
      hint: "aedev task list; the command that merges a change: aedev task show TASK",
    });
  const lands = base?.ref ?? landings.at(-1)?.ref ?? branch;
  if (lands === branch) return;
  throw new Fault("checkout-branch", `${here}, and aedev lands on ${escapeLine(branchName(lands), 100)} in ${name}`, {
    hint: `git -C ${at} switch ${shellWord(branchName(lands))}, then again`,
  });
}
