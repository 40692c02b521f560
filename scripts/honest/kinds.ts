/** The kind of an ordinary commit, by the files that it changes and its subject. Pure. */

/** In the order in which they are tried. The last ones are asked about by design. */
export const ordinaryKinds = [
  "documentation",
  "tests",
  "dependencies",
  "rename",
  "refactoring",
  "fix",
  "feature",
  "configuration",
] as const;
export type OrdinaryKind = (typeof ordinaryKinds)[number];

export interface CommitShape {
  readonly subject: string;
  readonly paths: readonly string[];
  /** How many of the files git considers renamed. */
  readonly renamed: number;
  readonly isTest: (path: string) => boolean;
  readonly isDocument: (path: string) => boolean;
}

const picture = /\.(?:png|jpe?g|gif|svg|ico|webp)$/iu;
const manifest =
  /(?:^|\/)(?:package(?:-lock)?\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?|requirements[\w.-]*\.(?:txt|in)|poetry\.lock|uv\.lock|go\.(?:mod|sum)|Cargo\.(?:toml|lock)|pom\.xml|Gemfile(?:\.lock)?|composer\.(?:json|lock))$/u;
const code = /\.(?:[cm]?[jt]sx?|py|go|rs|java|php|rb|sh|cs)$/u;
const says = {
  rename: /\b(?:renam\w*|mov(?:e|es|ed|ing))\b/iu,
  refactoring:
    /\b(?:refactor\w*|clean\s?-?up|simplif\w*|extract\w*|inline\w*|dead code|unused|moderni[sz]\w*|types?|typing|lint|dedup\w*)\b/iu,
  fix: /\b(?:fix\w*|bug|correct\w*|handle|prevent\w*|regression|crash\w*|wrong)\b/iu,
};

/** Null: none of these kinds, or nothing of the repository's own. */
export function ordinaryKindOf({ subject, paths, renamed, isTest, isDocument }: CommitShape): OrdinaryKind | null {
  if (paths.length === 0) return null;
  if (paths.every((path) => isDocument(path) || picture.test(path))) return "documentation";
  if (paths.every((path) => isTest(path) || isDocument(path))) return "tests";
  if (paths.every((path) => manifest.test(path) || isDocument(path))) return "dependencies";
  const own = paths.filter((path) => code.test(path) && !isTest(path));
  if (own.length === 0) return "configuration";
  if (renamed > 0 || says.rename.test(subject)) return "rename";
  if (says.refactoring.test(subject)) return "refactoring";
  if (!paths.some(isTest)) return null;
  return says.fix.test(subject) ? "fix" : "feature";
}
