/** Inspects a repository for a person: fetches its base into a mirror and detects from names and manifests, without running anything. */
import { posix } from "node:path";
import { branchName, branchPrefixOf, escapeLine, Fault, nullOn } from "@aedev/contracts";
import type { Detection, Immutable, RepositoryDocument } from "@aedev/contracts/api";
import { registrationDocument } from "@aedev/core";
import { gitFaults } from "@aedev/host/git/run-git";
import { readOverlay } from "../control/base-overlay.ts";
import type { Configured, Mirrors, Records } from "../control/parts.ts";
import { fetchBase } from "../git/mirror.ts";
import { nearestVersion } from "../git/nearest-tag.ts";
import { branchInTheWay } from "../git/push.ts";
import { readSmallFiles } from "../git/small-files.ts";
import { offeredSubmodules } from "../git/submodules.ts";
import { gitHubRepository, isSameRemote } from "../github/address.ts";
import { probeRepository } from "../github/probe.ts";
import { readAhead } from "../prior/history-file.ts";
import { wantedFiles } from "./detect/detect-repository.ts";
import { folderProblem } from "./detect/folder.ts";
import { proposeName } from "./detect/propose-name.ts";
import { isVersionedByTags } from "./detect/versioned-by-tags.ts";
import { detectInThread } from "./detect-in-thread.ts";
import { parseName, requireSameFolder } from "./registration.ts";
import { chosenBase, type Remotes, readSource } from "./source.ts";

const pathLengthMax = 200;
/** Longer paths are left out, because patterns are compared with each path before detection has its thread. */
const isOrdinary = (path: string) => path.length <= 1000;

/** Throws a Fault `remote-refused`, `not-a-repository`, `HOLD-FETCH-FAILED`, `bad-name`, `bad-path` or `detection-failed`. */
export async function inspectRepository(
  asked: {
    pathOrUrl: string;
    name: string | null;
    image: string | null;
    folder: string | null;
    base: string | null;
    prefix: string | null;
    asksForSubmodules: boolean;
    asksForAccess: boolean;
  },
  control: Mirrors & Records & Remotes & Configured<"intake" | "proposals" | "system">,
): Promise<Immutable<Detection>> {
  const source = await readSource(asked.pathOrUrl, control);
  const { folder } = asked;
  const { name, known } = registeredAs({ name: asked.name, url: source.url, folder }, control);
  requireSameFolder(known, asked);
  const head = { ...source, name, known };
  const access = asked.asksForAccess ? await accessTo(source.url, control) : {};
  const prefix = asked.prefix === "" ? branchPrefixOf(undefined) : (asked.prefix ?? branchPrefixOf(known ?? undefined));
  if (known !== null) {
    const away = nullOn(...gitFaults, "HOLD-FETCH-FAILED");
    const found = await branchInTheWay({ ...control.mirror(name), url: source.url, prefix }).catch(away);
    return {
      ...{ ...head, ...knownDetection, ...inTheWayOf(found, prefix), ...access },
      ...(asked.asksForSubmodules ? await submodulesIn({ name, url: source.url, base: asked.base }, control) : {}),
    };
  }
  const place = control.mirror(name);
  const { commit, ref } = await fetchBase({ ...place, url: source.url, base: chosenBase(asked.base) });
  readAhead({ ...place, tip: commit });
  const offer = asked.asksForSubmodules ? await offerOf({ ...place, url: source.url, commit }) : {};
  const overlay = await readOverlay({ ...place, commit });
  const found = await readSmallFiles({
    ...place,
    commit,
    choose: (all) => {
      const paths = all.filter(isOrdinary);
      const problem = folder === null ? null : folderProblem(paths, folder);
      if (problem !== null)
        throw new Fault("bad-path", `${escapeLine(folder ?? "", pathLengthMax)} can't be registered: ${problem}`, {
          hint: "give a folder as a path from the repository's top, such as --path packages/core",
        });
      return wantedFiles(paths, folder);
    },
  });
  const taggedVersion = isVersionedByTags(found)
    ? await nearestVersion({ ...place, url: source.url, commit }).catch(nullOn(...gitFaults))
    : null;
  const inTheWay = inTheWayOf(await branchInTheWay({ ...place, url: source.url, prefix }), prefix);
  const { needsImage, ...finding } = await detectInThread([
    { ...found, taggedVersion, paths: found.paths.filter(isOrdinary) },
    { overlay, image: asked.image, runnerImage: control.configuration.system.runner_image, folder },
  ]);
  return {
    ...head,
    branch: branchName(ref),
    commit,
    ...finding,
    ...inTheWay,
    notes: [...inTheWay.notes, ...finding.notes, ...found.brokenLinks.map(brokenLinkNote)],
    needs_image: needsImage,
    ...offer,
    ...access,
  };
}

async function offerOf(on: Parameters<typeof offeredSubmodules>[0]): Promise<Pick<Detection, "submodules">> {
  const { submodules: offered, left_out } = await offeredSubmodules(on);
  return { submodules: { offered, left_out } };
}

/** The submodules of a registered repository's base, which is fetched for that. */
async function submodulesIn(
  { name, url, base }: { name: string; url: string; base: string | null },
  control: Mirrors,
): Promise<Pick<Detection, "submodules">> {
  const place = { ...control.mirror(name), url, ...(base === null ? {} : { base: chosenBase(base) }) };
  return offerOf({ ...place, commit: (await fetchBase(place)).commit });
}

function inTheWayOf(branch: string | null, prefix: string): Pick<Immutable<Detection>, "notes" | "branch_in_the_way"> {
  if (branch === null) return { notes: [] };
  const note = `the remote has a branch ${branch}, so aedev can't push changes to branches ${prefix}/… there: give other names with --branch-prefix NAME, or rename it (git branch -m ${branch} ANOTHER-NAME)`;
  return { branch_in_the_way: branch, notes: [note] };
}

function brokenLinkNote({ path, why }: { path: string; why: string }): string {
  return `${escapeLine(path, pathLengthMax)} is not read: ${why}`;
}

/** What the credential may do there, if the repository is on GitHub. */
async function accessTo(
  url: string,
  { configuration, github }: Remotes & Configured<"intake" | "proposals">,
): Promise<Pick<Detection, "github">> {
  const repository = gitHubRepository(url, configuration.github);
  if (repository === null) return {};
  return { github: await probeRepository(repository, { ...configuration, access: github }) };
}

/** The registration with this name or, without a name, with this address and folder. If there is none, `known` is null and `name` is a proposal. */
function registeredAs(
  asked: { name: string | null; url: string; folder: string | null },
  { log, configuration }: Records & Configured<"github">,
): { name: string; known: RepositoryDocument | null } {
  const { url, folder } = asked;
  const repositories = Object.values(log.state.repositories).map((one) => registrationDocument(one));
  if (asked.name !== null) {
    const name = parseName(asked.name);
    return { name, known: repositories.find((one) => one.name === name) ?? null };
  }
  const isHere = (one: RepositoryDocument) => isSameRemote(one.url, url, configuration.github);
  const known = repositories.find((one) => isHere(one) && (one.settings.folder ?? null) === folder) ?? null;
  if (known !== null) return { name: known.name, known };
  const place = folder === null ? url : `${url.replace(/\/?(?:\.git)?\/*$/u, "")}-${posix.basename(folder)}`;
  const taken = repositories.map(({ name }) => name);
  return { name: proposeName(place, taken), known };
}

/** A registered repository is neither fetched nor detected again. */
const knownDetection = {
  branch: null,
  commit: null,
  languages: [],
  settings: null,
  checks: null,
  needs_image: null,
  reasons: [],
  notes: [],
  alternatives: [],
} as const satisfies Partial<Immutable<Detection>>;
