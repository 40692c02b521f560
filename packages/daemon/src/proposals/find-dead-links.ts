/** Finds relative links in the Markdown files of a commit that lead to nothing there. It reads only the bare mirror and never the network. */
import { escapeLine } from "@aedev/contracts";
import { listTree } from "../git/mirror.ts";
import { readSmallFiles } from "../git/small-files.ts";
import { foreignPath } from "../repository/detect/test-globs.ts";
import { type Cause, ifPlain, keyOf, makeCause, quoted } from "./cause.ts";
import { linksIn } from "./markdown-links.ts";
import type { CauseSource } from "./source.ts";

interface DeadLink {
  readonly path: string;
  readonly line: number;
  /** As the file has it. */
  readonly target: string;
}

const partMax = 140;

export const deadLinkSource: CauseSource = {
  name: "dead-link",
  async inspect({ mirror, commit, known }) {
    const { paths, texts } = await readSmallFiles({ ...mirror, commit, choose: documentsAmong });
    const tree = await listTree({ ...mirror, tree: commit });
    const places = placesOf(
      paths,
      tree.flatMap(({ type, path }) => (type === "commit" ? [path] : [])),
    );
    const unread = [...texts].filter(([, text]) => text === null).map(([path]) => path);
    const found = [...texts].flatMap(([path, text]) => (text === null ? [] : deadLinks({ path, text }, places)));
    const causes = found.map(deadLinkCause);
    const present = new Set(causes.map(({ key }) => key));
    const unclear = unread.map((path) => keyOf("dead-link", identityOf({ path, target: "" })));
    const isGone = (key: string) => !present.has(key) && !unclear.some((start) => key.startsWith(start));
    return { causes, gone: known.map(({ key }) => key).filter(isGone) };
  },
};

function documentsAmong(paths: readonly string[]): string[] {
  return paths.filter((path) => /\.(?:md|markdown)$/i.test(path) && !foreignPath.test(path));
}

function deadLinkCause(link: DeadLink): Cause {
  const { path, line, target } = link;
  const title = `Mend a dead link${ifPlain(" in ", path)}`;
  const lines = [
    `The link is in line ${line} of this file:`,
    quoted(path),
    "",
    "Nothing is where it leads:",
    quoted(target),
  ];
  return makeCause("dead-link", { identity: identityOf(link), title, lines });
}

function identityOf({ path, target }: Pick<DeadLink, "path" | "target">): string {
  return `${escapeLine(path, partMax)}: ${escapeLine(target, partMax)}`;
}

/** What a link may lead to. */
export interface Places {
  readonly files: ReadonlySet<string>;
  /** Every folder that has a file. */
  readonly folders: ReadonlySet<string>;
  /** Folders whose files the commit does not have. */
  readonly submodules: readonly string[];
}

function placesOf(paths: readonly string[], submodules: readonly string[]): Places {
  const folders = new Set([""]);
  for (const path of paths)
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      const folder = path.slice(0, end);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  return { files: new Set(paths), folders, submodules };
}

/** Each dead target of a file once, at its first line. */
function deadLinks({ path, text }: { path: string; text: string }, places: Places): DeadLink[] {
  const dead = linksIn(text).filter(({ target }) => isDead(path, target, places));
  const first = new Map(dead.toReversed().map((link) => [link.target, link]));
  return [...first.values()].map((link) => ({ path, ...link })).toSorted((one, other) => one.line - other.line);
}

/** Only a plain relative path can be dead: what another program would resolve, such as a template or a page of a generated site, is not known here. */
function isDead(path: string, target: string, { files, folders, submodules }: Places): boolean {
  if (/^(?:[a-z][a-z0-9+.-]*:|[#/?\\]|$)/i.test(target) || /[{}<>$*|\\]/.test(target)) return false;
  const wanted = resolved(path, decoded(target.replace(/[#?].*$/s, "")));
  if (wanted === null || submodules.some((folder) => wanted === folder || wanted.startsWith(`${folder}/`)))
    return false;
  const written = [wanted, `${wanted}.md`, `${wanted}.mdx`, wanted.replace(/\.html?$/i, ".md")];
  return !folders.has(wanted) && !written.some((name) => files.has(name));
}

function decoded(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return target;
  }
}

/** The path in the repository that a link of the file leads to; null: it leaves the repository, as a link to GitHub's own pages does. */
function resolved(path: string, target: string): string | null {
  const parts = path.split("/").slice(0, -1);
  for (const part of target.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join("/");
}
