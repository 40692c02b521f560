/**
 * Finds type and scope of a conventional commit, from the person's request and the changed files. A type written before the request wins; only the person says
 * that a change breaks something.
 */

import { type ChangeKind, kindOf, readRequest } from "@aedev/clarify";
import { type CommitConventions, type UsualCommitType, usualCommitTypes } from "@aedev/contracts";

/** The facts about a change from which its commit's type follows. */
export interface CommitChange {
  readonly files: readonly { readonly path: string; readonly role: "code" | "documentation" | "test" }[];
  /** True if a test fails on the old code and passes now. */
  readonly changesBehaviour: boolean;
}
export interface CommitType {
  readonly type: string;
  readonly scope: string | null;
  readonly breaking: boolean;
}

/** A commit type in front of a request, as in "fix(parser)!: …". */
export const typePrefix = /^([a-z]{2,12})(?:\(([^()\s]{1,40})\))?(!)?: (?=\S)/u;
const breakingNote = /\bBREAKING[ -]CHANGE\b/;

export function commitTypeOf(
  request: string,
  change: CommitChange,
  { types = [...usualCommitTypes], scope, scopes = {} }: Omit<CommitConventions, "style">,
): CommitType {
  const [, said, saidScope, mark] = typePrefix.exec(request.trimStart()) ?? [];
  const folder = Object.entries(scopes)
    .filter(([, path]) => change.files.length > 0 && change.files.every((file) => file.path.startsWith(`${path}/`)))
    .toSorted(([, one], [, other]) => other.length - one.length)[0];
  return {
    type: said !== undefined && types.includes(said) ? said : nearest(derivedType(request, change), types),
    scope: saidScope ?? folder?.[0] ?? scope ?? null,
    breaking: mark !== undefined || breakingNote.test(request),
  };
}

const ofPipelines =
  /^(?:\.github\/(?:workflows|actions)\/|\.circleci\/|\.gitlab\/ci\/|\.buildkite\/|\.gitlab-ci\.yml$|\.travis\.yml$|azure-pipelines\.yml$|Jenkinsfile$)/u;
const ofBuilds =
  /(?:^|\/)(?:package\.json|package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?|go\.(?:mod|sum)|Cargo\.(?:toml|lock)|pyproject\.toml|poetry\.lock|uv\.lock|requirements[\w.-]*\.txt|Pipfile(?:\.lock)?|Gemfile(?:\.lock)?|composer\.(?:json|lock)|pom\.xml|(?:build|settings)\.gradle(?:\.kts)?|gradle\.lockfile|Dockerfile|Makefile)$/u;

/** The type of each kind of request. A change that is neither a fix nor a feature still changes behaviour if a test shows it. */
const typeOfKind: Readonly<Record<ChangeKind, UsualCommitType>> = {
  fix: "fix",
  feature: "feat",
  refactor: "refactor",
  rename: "refactor",
  removal: "refactor",
  upgrade: "build",
  docs: "docs",
  test: "chore",
  perf: "perf",
  config: "chore",
  chore: "chore",
};

function derivedType(request: string, { files, changesBehaviour }: CommitChange): UsualCommitType {
  const all = (is: (file: CommitChange["files"][number]) => boolean) => files.length > 0 && files.every(is);
  if (/^\s*revert\b/iu.test(request)) return "revert";
  if (all(({ path }) => ofPipelines.test(path))) return "ci";
  if (all(({ role }) => role === "test")) return "test";
  if (all(({ role }) => role === "documentation")) return "docs";
  if (all(({ path }) => ofBuilds.test(path))) return "build";
  const kind = kindOf(readRequest(request));
  const type = kind === "question" ? "chore" : typeOfKind[kind];
  return type === "chore" && changesBehaviour ? "fix" : type;
}

/** What a repository without this type most likely uses instead. */
const instead: Readonly<Record<UsualCommitType, readonly UsualCommitType[]>> = {
  build: ["chore"],
  chore: ["build"],
  ci: ["build", "chore"],
  docs: ["chore"],
  feat: [],
  fix: [],
  perf: ["refactor", "fix"],
  refactor: ["chore"],
  revert: ["fix", "chore"],
  style: ["chore"],
  test: ["chore"],
};

function nearest(type: UsualCommitType, types: readonly string[]): string {
  return [type, ...instead[type]].find((one) => types.includes(one)) ?? types[0] ?? type;
}
