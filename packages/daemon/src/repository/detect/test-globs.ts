/** Chooses globs for a repository's test files, in the checks' syntax: only those that match something there. Pure. */
import { counted } from "@aedev/contracts";
import { isNamedLike } from "@aedev/host/python-test-names";

interface Pattern {
  readonly glob: string;
  readonly matches: RegExp;
}

const nodeFile = String.raw`\.[cm]?[jt]sx?$`;
const nodePatterns: readonly Pattern[] = [
  { glob: "test/**", matches: new RegExp(`^test/.*${nodeFile}`, "u") },
  { glob: "tests/**", matches: new RegExp(`^tests/.*${nodeFile}`, "u") },
  { glob: "spec/**", matches: new RegExp(`^spec/.*${nodeFile}`, "u") },
  { glob: "**/__tests__/**", matches: new RegExp(`(^|/)__tests__/.*${nodeFile}`, "u") },
  { glob: "**/*.test.*", matches: new RegExp(String.raw`\.test${nodeFile}`, "u") },
  { glob: "**/*.spec.*", matches: new RegExp(String.raw`\.spec${nodeFile}`, "u") },
  { glob: "packages/*/test/**", matches: new RegExp(`^packages/[^/]+/test/.*${nodeFile}`, "u") },
  { glob: "test.js", matches: /^test\.js$/u },
];
const pythonPatterns: readonly Pattern[] = [
  { glob: "tests/**", matches: /^tests\/.*\.py$/u },
  { glob: "test/**", matches: /^test\/.*\.py$/u },
  { glob: "**/test_*.py", matches: /(^|\/)test_[^/]*\.py$/u },
  { glob: "**/*_test.py", matches: /_test\.py$/u },
  { glob: "**/tests.py", matches: /(^|\/)tests\.py$/u },
];
const goPatterns: readonly Pattern[] = [
  { glob: "**/*_test.go", matches: /_test\.go$/u },
  { glob: "**/testdata/**", matches: /(^|\/)testdata\//u },
];
const rustPatterns: readonly Pattern[] = [
  { glob: "tests/**", matches: /^tests\/.*\.rs$/u },
  { glob: "**/tests/**", matches: /[^/]\/tests\/.*\.rs$/u },
];
const javaPatterns: readonly Pattern[] = [
  { glob: "src/test/**", matches: /^src\/test\/.*\.(?:java|kt)$/u },
  { glob: "**/src/test/**", matches: /[^/]\/src\/test\/.*\.(?:java|kt)$/u },
];
const rubyPatterns: readonly Pattern[] = [
  { glob: "spec/**", matches: /^spec\/.*\.rb$/u },
  { glob: "test/**", matches: /^test\/.*\.rb$/u },
];
const phpPatterns: readonly Pattern[] = [
  { glob: "tests/**", matches: /^tests\/.*\.php$/u },
  { glob: "test/**", matches: /^test\/.*\.php$/u },
  { glob: "**/*Test.php", matches: /Test\.php$/u },
];
const patterns = {
  node: nodePatterns,
  python: pythonPatterns,
  go: goPatterns,
  rust: rustPatterns,
  java: javaPatterns,
  ruby: rubyPatterns,
  php: phpPatterns,
};
/** Where the first test is expected if a repository has none yet. */
const customary = {
  node: ["test/**", "**/*.test.*"],
  python: ["tests/**", "**/test_*.py"],
  go: ["**/*_test.go"],
  rust: ["tests/**"],
  java: ["src/test/**"],
  ruby: ["test/**", "spec/**"],
  php: ["tests/**"],
};

export type TestedLanguage = keyof typeof patterns;

/** Files that the repository's authors did not write. */
export const foreignPath = /(^|\/)(node_modules|vendor|third_party|\.venv|venv|dist|build|target)\//u;

/** The test files among `paths`, in order, without fixtures and snapshots. */
export function testFiles(paths: readonly string[], language: TestedLanguage, names: readonly string[] = []): string[] {
  return paths.filter(
    (path) =>
      !foreignPath.test(path) &&
      !/(^|\/)(__)?(fixtures?|snapshots?)(__)?\//u.test(path) &&
      (patterns[language].some(({ matches }) => matches.test(path)) || isNamedLike(path, names)),
  );
}

/** Globs for `tests`, with the reason. `names`: Python files that the runner's settings name as tests. */
export function testGlobs(
  paths: readonly string[],
  language: TestedLanguage,
  names: readonly string[] = [],
): { tests: string[]; why: string } {
  const own = paths.filter((path) => !foreignPath.test(path));
  const usual = patterns[language].filter(({ matches }) => own.some((path) => matches.test(path)));
  const others = own.filter((path) => !usual.some(({ matches }) => matches.test(path)));
  const named = names
    .filter((name) => others.some((path) => isNamedLike(path, [name])))
    .map((name) => ({ glob: `**/${name}` }));
  const found = [...usual, ...named];
  if (found.length === 0)
    return { tests: [...customary[language]], why: "there is no test file yet; this is where they usually are" };
  const count = testFiles(paths, language, names).length;
  return { tests: found.map(({ glob }) => glob), why: counted(count, "test file matches", "test files match") };
}
