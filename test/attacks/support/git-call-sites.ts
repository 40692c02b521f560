/** Finds the product's calls of git in its sources, to compare them with the product's own table (packages/host/src/git/git-call-sites.ts). */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** The file that starts git. */
export const gates = ["packages/host/src/git/git-process.ts"];
/** The files that lead to the gate. `git-at.ts` is the only door; it checks each call against its row of the table. */
const wayToGate = ["git-at.ts", "run-git.ts", "git-starter.ts", "git-starter-process.ts", "git-process.ts"].map(
  (file) => `packages/host/src/git/${file}`,
);
/** The demo's work with its own repositories: its throw-away remote, and those of the fake GitHub, which no agent reaches. */
const ownPlaces = /^packages\/demo\/src\/(?:setup\/bare-remote\.ts$|fake\/github\/)/u;

/** The name of a row where a source file uses it: `gitAt("…")`, or a constant passed to its plane's git. */
const opened = /(?:\bgitAt\(|\b(?:site|[a-z]+Site) = )"([^"]+)"/g;

/** The rows that source files use, sorted; a row used in another file than it states is listed with that file. */
export function findCallSites(root: string): string[] {
  const found = sources(root).flatMap(({ name, text }) =>
    [...text.matchAll(opened)].map(([, site = ""]) => {
      const [, plane, rest] = /^packages\/([^/]+)\/src\/(.+)\.ts$/u.exec(name) ?? [];
      return site.replace(/#.*/u, "") === `${plane}/${rest}` ? site : `${site} in ${name}`;
    }),
  );
  return found.toSorted();
}

/** Files that reach git other than through the table: their imports would let them call it without a row. */
export function findUnlisted(root: string): string[] {
  const passesBy =
    /import (?!type )\{[^}]*\b(?:runGit|startGit\w*|gitSafeFlags|gitSafeEnvironment)\b[^}]*\} from "[^"]+"/u;
  return sources(root)
    .filter(({ name }) => !wayToGate.includes(name) && !ownPlaces.test(name))
    .filter(({ text }) => passesBy.test(text))
    .map(({ name }) => name);
}

/** Files that start a program called git themselves, except the demo's. */
export function findGates(root: string): string[] {
  return sources(root)
    .filter(({ name }) => !ownPlaces.test(name))
    .filter(({ text }) =>
      /\b(?:execa|execaSync|spawn|spawnSync|exec|execSync|execFile|execFileSync|fork|runChild)\(\s*["'`]git\b/.test(
        text,
      ),
    )
    .map(({ name }) => name)
    .toSorted();
}

function sources(root: string): { readonly name: string; readonly text: string }[] {
  return readdirSync(join(root, "packages"))
    .map((plane) => join(root, "packages", plane, "src"))
    .filter(existsSync)
    .flatMap(sourcesIn)
    .map((path) => ({ name: relative(root, path), text: readFileSync(path, "utf8") }));
}

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourcesIn(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}
