/**
 * Refuses a home that another account could read, change or replace (SECURITY T35): it checks the owners and modes of its sensitive files and folders.
 * It changes nothing, and does not trust a symbolic link inside the home.
 */
import { lstatSync, readdirSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { Fault, shellWord } from "@aedev/contracts";
import { isOwn } from "./git/is-own.ts";
import { homeLayout, type SecretPlane } from "./home-layout.ts";

/** Why one path of a home is refused. */
export type Exposure = { readonly path: string } & (
  | { readonly kind: "owner"; readonly uid: number }
  /** `mode`: the rights that others must not have. */
  | { readonly kind: "mode"; readonly mode: number; readonly isFolder: boolean }
  | { readonly kind: "link" }
);

const planes: readonly SecretPlane[] = ["control", "execution", "judgement"];
const othersAny = 0o077;
const othersWrite = 0o022;

/** Throws a Fault `secrets-exposed` or `home-owner`, with the command that helps, if the home is not private. A home that does not exist counts as private. */
export function assertPrivateHome(home: string): void {
  refuse(homeExposures(home), home);
}

/** The same check for one file or folder; a missing one exposes nothing. */
export function assertPrivate(path: string): void {
  refuse(exposureOf(path, othersAny), path);
}

/** Every path of the home that is not private. */
export function homeExposures(home: string): readonly Exposure[] {
  const { secretsFolder, secrets, keys, token, log, logSidecars, head, lock, run, configuration, policies } =
    homeLayout(home);
  const outer = linkExposure(home);
  const own = folderExposure(home);
  // The content of a home that can't be entered can't be checked either.
  if (outer.length > 0 || own.some(({ kind }) => kind === "owner")) return [...outer, ...own];
  const inside = [
    ...[secretsFolder, ...planes.map(secrets), keys, ...filesIn(keys), token],
    ...[log, ...logSidecars, head, lock, run],
  ];
  return [
    ...own,
    ...inside.flatMap((path) => exposureOf(path, othersAny)),
    ...[configuration, policies].flatMap((path) => exposureOf(path, othersWrite)),
  ];
}

/** The home may be a link, by this user or root, to a folder of this user. */
function linkExposure(home: string): Exposure[] {
  const link = lstatSync(home, { throwIfNoEntry: false });
  if (link === undefined || !link.isSymbolicLink() || isOwn(link) || link.uid === 0) return [];
  return [{ path: home, kind: "owner", uid: link.uid }];
}

function folderExposure(home: string): Exposure[] {
  const state = statSync(home, { throwIfNoEntry: false });
  return state === undefined ? [] : stateExposure(home, state, othersAny);
}

function exposureOf(path: string, forbidden: number): Exposure[] {
  const state = lstatSync(path, { throwIfNoEntry: false });
  if (state === undefined) return [];
  return state.isSymbolicLink() ? [{ path, kind: "link" }] : stateExposure(path, state, forbidden);
}

function stateExposure(path: string, state: Stats, forbidden: number): Exposure[] {
  if (!isOwn(state)) return [{ path, kind: "owner", uid: state.uid }];
  if ((state.mode & forbidden) === 0) return [];
  return [{ path, kind: "mode", mode: state.mode & forbidden, isFolder: state.isDirectory() }];
}

function filesIn(folder: string): string[] {
  const state = lstatSync(folder, { throwIfNoEntry: false });
  return state?.isDirectory() === true && isOwn(state) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

function refuse(exposures: readonly Exposure[], home: string): void {
  const [first] = exposures;
  if (first === undefined) return;
  const code = first.kind === "owner" ? "home-owner" : "secrets-exposed";
  throw new Fault(code, exposureText(exposures), { hint: exposureHelp(exposures, home) });
}

/** The exposures on one line. `exposures` is not empty. */
export function exposureText(exposures: readonly Exposure[]): string {
  const [first, ...more] = exposures.map(textOf);
  return more.length === 0 ? `${first}` : `${first} (and ${more.length} more)`;
}

function textOf(exposure: Exposure): string {
  const { path } = exposure;
  if (exposure.kind === "owner") return `${path} belongs to another user (uid ${exposure.uid}), not to ${ownName()}`;
  if (exposure.kind === "link") return `${path} is a symbolic link, which can lead out of the home`;
  return `${path} can be ${(exposure.mode & 0o044) !== 0 ? "read" : "changed"} by other users`;
}

/** The command that makes the paths private. */
export function exposureHelp(exposures: readonly Exposure[], home: string): string {
  const owner = exposures.find(({ kind }) => kind === "owner");
  if (owner?.kind === "owner") return ownerHelp(owner.uid, home);
  const link = exposures.find(({ kind }) => kind === "link");
  if (link !== undefined) return `put the real file or folder at ${link.path} instead of the link`;
  const [first] = exposures;
  const paths = exposures.map(({ path }) => shellWord(path)).join(" ");
  if (exposures.length === 1 && first?.kind === "mode") return `chmod ${first.isFolder ? "700" : "600"} ${paths}`;
  return `chmod go= ${paths}`;
}

/** Root could read another user's home, but would leave files in it that the user can't access; nobody else should be able to. */
function ownerHelp(uid: number, home: string): string {
  const take = `chown -R ${process.geteuid?.() ?? 0} ${shellWord(home)}`;
  return process.geteuid?.() === 0
    ? `run aedev as that user (sudo -u '#${uid}' aedev …), or take over the home if you trust what is in it: ${take}`
    : `use a home of your own (--home DIR), or take over this one if you trust what is in it: sudo ${take}`;
}

function ownName(): string {
  return process.geteuid?.() === 0 ? "root" : "you";
}
