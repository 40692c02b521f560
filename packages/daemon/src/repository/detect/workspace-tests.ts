/**
 * Takes apart a test script that starts the tests of every package of a Node workspace: one by one, they give results of single tests. Without such a script,
 * packages with different runners are run one by one too, because no single runner can run them all. Pure.
 */
import { posix } from "node:path";
import { type DetectionFiles, escapedText, fileText, type Part } from "./finding.ts";
import { filesWithin, foldersWithManifests, placedInFolder } from "./folder.ts";
import type { ScriptReading } from "./node-script.ts";
import { foreignPath, testFiles } from "./test-globs.ts";
import { workspaceAbove } from "./workspace.ts";

/** How many packages are run one by one; each command needs its own containers. */
const packagesMax = 12;
const scriptLengthMax = 2000;
/** Commands that run the script `test` of all packages. */
const startsAll: readonly RegExp[] = [
  /^pnpm\s(?=(?:.*\s)?(?:-r|--recursive)(?:\s|$))(?:.*\s)?test(?:\s|$)/u,
  /^pnpm\s+recursive\s.*\btest(?:\s|$)/u,
  /^npm\s(?=(?:.*\s)?(?:-ws|--workspaces)(?:\s|$))(?:.*\s)?(?:test|t)(?:\s|$)/u,
  /^yarn\s+workspaces\s+(?:foreach\s.*\s)?(?:run\s+)?test(?:\s|$)/u,
  /^bun\s.*--filter[= ]\s*['"]?\*['"]?\s.*\btest(?:\s|$)/u,
  /^(?:npx\s+|yarn\s+|pnpm\s+(?:exec\s+)?)?(?:turbo|lerna|wsrun|lage)\s(?:.*\s)?test(?:\s|$)/u,
  /^(?:npx\s+|yarn\s+|pnpm\s+(?:exec\s+)?)?nx\s+run-many\s.*(?:-t|--targets?)[= ]\s*test(?:\s|$)/u,
];

/** Options that leave packages out, and programs other than the script. */
const narrows =
  /\s(?:exec|dlx|-F|--scope|--ignore|--exclude|--projects?|-p|--since|--affected|--from)(?:[=\s]|$)|\s--filter[= ]\s*(?!['"]?\*['"]?(?:\s|$))/u;
const isStart = (part: string) => startsAll.some((pattern) => pattern.test(part)) && !narrows.test(part);

/** Null if the script is another one, if no package gives results of single tests, or if a package was not read. `find`: detects one package. */
export function readPackageTests(
  base: DetectionFiles,
  { script: given, find }: { script: string | undefined; find: (base: DetectionFiles) => Part | null },
): { readonly reading: ScriptReading; readonly folders: readonly string[] } | null {
  // npm's default script in a new package.json runs nothing.
  const script = /no test specified/iu.test(given ?? "") ? undefined : given;
  if (base.above !== undefined || (script ?? "").length > scriptLengthMax) return null;
  const parts = script === undefined ? [] : script.split("&&").map((part) => part.trim());
  if (script !== undefined && !parts.some(isStart)) return null;
  const folders = foldersWithManifests(base.paths);
  // Nobody knows whether an unread package has tests.
  const unread = base.paths
    .filter((path) => path.endsWith("/package.json") && !foreignPath.test(path))
    .some((path) => !folders.includes(posix.dirname(path)) || fileText(base, path) === undefined);
  if (unread) return null;
  const packages = folders.flatMap((folder) => {
    const within = filesWithin(base, folder);
    const part = workspaceAbove(within) === null ? null : find(within);
    return part === null || part.checks === "none" ? [] : [{ folder, part: placedInFolder(part, folder) }];
  });
  const able = packages.filter(({ part }) => part.checks === "per-test");
  const commands = able.flatMap(({ part }) => part.settings.verify ?? []);
  const [command, ...more] = commands;
  if (command === undefined || able.length > packagesMax) return null;
  const left = [
    ...packages.filter(({ part }) => part.checks !== "per-test").map(({ folder }) => `the tests of ${folder}`),
    ...parts.filter((part) => !isStart(part)).map(escapedText),
  ];
  const names = new Set(able.flatMap(({ part }) => part.tools.slice(1)));
  const isOfPackage = (path: string) => packages.some(({ folder }) => path.startsWith(`${folder}/`));
  if (script === undefined && (names.size < 2 || !testFiles(base.paths, "node").every(isOfPackage))) return null;
  return {
    reading: {
      command,
      more,
      runner: [...names].join(", "),
      checks: "per-test",
      why: `${script === undefined ? "the packages have test runners of their own" : `package.json has a test script: ${escapedText(script)}`}; each package's tests are run alone, which gives single test results`,
      notes: left.length === 0 ? [] : [`not run: ${left.join("; ")}. To run them too, repeat --verify with npm test`],
    },
    folders: able.map(({ folder }) => folder),
  };
}
