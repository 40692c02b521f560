/**
 * Decides which files of the base are test support (SECURITY T28): files that its tests open and that production code does not reach, such as golden data,
 * fixtures and assertion helpers. In doubt a file is production code. Pure.
 *
 * Production code starts at the names in the manifests (entry points, programs, the start script, the Python package) or else at the Python package named by
 * the readme's title, and includes all imports. Without such a start, only files in folders with the usual names of test material are support.
 */
import { posix } from "node:path";
import { parseJson } from "@aedev/host/parse-json";
import { languageOf } from "@aedev/languages";
import { readersOf } from "@aedev/languages/readers";
import type { References } from "@aedev/languages/shared/references";
import { z } from "zod";

export interface BaseFiles {
  /** Every path of the base. */
  paths: readonly string[];
  /** Texts of its files of code and manifests. */
  texts: ReadonlyMap<string, string>;
  /** Paths that its tests opened, without tests and control files. */
  opened: readonly string[];
  isTest: (path: string) => boolean;
}

const isParsed = (path: string) => readersOf(path)?.references !== undefined;
const code = /\.(?:[cm]?[jt]sx?|py|go|rs|java|kt|rb|php|cs)$/u;
const testMaterial =
  /(?:^|\/)(?:tests?|specs?|__tests__|__mocks__|__fixtures__|__snapshots__|fixtures?|testdata|test[-_]data|golden|goldens|mocks?|stubs?|fakes?|support|helpers?|testing|test[-_]?utils?|test[-_]?helpers?|snapshots?|cassettes?|expected|samples?|cases)\//iu;
/** Go code outside test files that imports a test library is a test helper. */
const goTestLibrary =
  /^\s*(?:import\s+)?(?:[\w.]+\s+)?"(?:testing|testing\/\w+|github\.com\/(?:stretchr\/testify|onsi\/gomega)\/?[\w/]*)"/mu;
/** Files with rules of their own, or files that tools read regardless of the tests. */
const manifest =
  /(?:^|\/)(?:package(?:-lock)?\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|pnpm-workspace\.yaml|yarn\.lock|bun\.lockb?|tsconfig[^/]*\.json|jsconfig\.json|pyproject\.toml|setup\.(?:py|cfg)|requirements[^/]*\.txt|poetry\.lock|uv\.lock|go\.(?:mod|sum|work)|Cargo\.(?:toml|lock)|\.[^/]*|readme[^/]*|license[^/]*|changelog[^/]*)$/iu;

const titleCharacters = 200;

/** The support files among `opened`, sorted. */
export function testSupport(base: BaseFiles): string[] {
  const references = new Map(
    [...base.texts].flatMap(([path, text]) => {
      const found = readersOf(path)?.references?.(path, text);
      return found === undefined ? [] : [[path, found]];
    }),
  );
  const named = productionStarts(base);
  const guessed = named.length > 0 ? [] : [...base.texts].flatMap(([path, text]) => readmeStarts(path, text, base));
  const starts = named.length > 0 ? named : guessed;
  const reached = reachedFrom(starts, { base, references });
  const isByName = (path: string) => !base.isTest(path) && !testMaterial.test(path);
  const isReached = productionTest(reached);
  // A readme says nothing about programs at the root or in other languages.
  const isGuess = (path: string) => guessed.length > 0 && (!path.includes("/") || !path.endsWith(".py"));
  const isProduction = (path: string) => (starts.length === 0 || isGuess(path) ? isByName(path) : isReached(path));
  const productionWords = wordsOf(
    [...references].filter(([path]) => !base.isTest(path) && isProduction(path)).map(([, found]) => found),
  );
  const otherText = [...base.texts]
    .filter(([path]) => !isParsed(path) && !base.isTest(path) && !manifest.test(path))
    .map(([, text]) => text);
  return base.opened
    .filter((path) => {
      if (manifest.test(path) || base.isTest(path)) return false;
      if (languageOf(path)?.isInPackage?.(path) === true && goTestLibrary.test(base.texts.get(path) ?? "")) return true;
      if (code.test(path)) return isParsed(path) ? !isProduction(path) : testMaterial.test(path);
      return !isNamed(path, productionWords) && !otherText.some((text) => text.includes(posix.basename(path)));
    })
    .toSorted();
}

/** A file in a folder of reached files may be loaded in a way that no import shows, for example as a worker, so it counts as production code too. */
function productionTest(reached: ReadonlySet<string>): (path: string) => boolean {
  const folders = new Set([...reached].map(sourceFolder).filter((folder) => folder !== ""));
  return (path) => reached.has(path) || (folders.has(sourceFolder(path)) && !testMaterial.test(path));
}

/** The top folder; in a monorepo, the folder below the package. Empty for a file at the root. */
function sourceFolder(path: string): string {
  const parts = path.split("/");
  const depth = ["packages", "apps", "libs", "services", "crates"].includes(parts[0] ?? "") ? 3 : 1;
  return parts.length > depth ? parts.slice(0, depth).join("/") : "";
}

function wordsOf(found: readonly References[]): ReadonlySet<string> {
  return new Set(found.flatMap(({ words }) => words));
}

/** True if production code contains the file's name, its path, or its folder with a pattern. */
function isNamed(path: string, words: ReadonlySet<string>): boolean {
  const base = posix.basename(path);
  const folder = posix.basename(posix.dirname(path));
  for (const word of words) {
    if (word === base || word.endsWith(`/${base}`)) return true;
    if (folder !== "." && folder !== "" && (word === folder || word.split("/").includes(folder))) return true;
  }
  return false;
}

function reachedFrom(
  starts: readonly string[],
  { base, references }: { base: BaseFiles; references: ReadonlyMap<string, References> },
): Set<string> {
  const paths = new Set(base.paths);
  const reached = new Set<string>();
  const open = [...starts];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    const found = references.get(path);
    if (found !== undefined) open.push(...referredFiles(path, found, paths));
  }
  return reached;
}

/** The files that the file at `path` refers to. */
export function referredFiles(path: string, found: References, paths: ReadonlySet<string>): string[] {
  return [
    ...found.paths.flatMap((target) => resolved(target, paths)),
    ...found.names.flatMap((name) => resolvedName(name, { path, paths })),
  ];
}

const endings = ["", ".js", ".cjs", ".mjs", ".ts", ".cts", ".mts", ".jsx", ".tsx", ".json", ".py"];
const indexes = [...endings.slice(1, 9).map((ending) => `/index${ending}`), "/__init__.py", "/__main__.py"];

function resolved(target: string, paths: ReadonlySet<string>): string[] {
  const plain = target.replace(/\/$/u, "");
  // TypeScript sources are imported by the name of their output.
  const source = plain.replace(/\.([cm]?)js(x?)$/u, ".$1ts$2");
  return [...new Set([plain, source])]
    .flatMap((stem) => [...endings, ...indexes].map((ending) => (stem === "." ? ending.slice(1) : `${stem}${ending}`)))
    .filter((path) => paths.has(path));
}

/** The files for a dotted Python name, looked up from the root, from `src`, and from the importing file's folder. */
function resolvedName(name: string, { path, paths }: { path: string; paths: ReadonlySet<string> }): string[] {
  if (!path.endsWith(".py")) return [];
  const stem = name.replaceAll(".", "/");
  return [stem, `src/${stem}`, posix.join(posix.dirname(path), stem)].flatMap((place) => resolved(place, paths));
}

const packageSchema = z.looseObject({
  main: z.string().optional(),
  module: z.string().optional(),
  browser: z.unknown().optional(),
  bin: z.unknown().optional(),
  exports: z.unknown().optional(),
  imports: z.unknown().optional(),
  scripts: z.record(z.string(), z.string()).catch({}).default({}),
});

function productionStarts(base: BaseFiles): string[] {
  const paths = new Set(base.paths);
  const isSource = (path: string) => code.test(path) && !base.isTest(path) && !testMaterial.test(path);
  const starts = [...base.texts].flatMap(([path, text]) => {
    const folder = posix.dirname(path) === "." ? "" : `${posix.dirname(path)}/`;
    if (posix.basename(path) === "package.json") return nodeStarts(text, { folder, paths });
    return /^(?:pyproject\.toml|setup\.py|setup\.cfg)$/u.test(posix.basename(path))
      ? pythonStarts(text, { folder, base })
      : [];
  });
  return [...new Set(starts)].filter(isSource);
}

/** For a repository without a manifest: the Python package named by the readme's title. */
function readmeStarts(path: string, text: string, base: BaseFiles): string[] {
  if (!/^readme\.(?:md|rst|txt)$/iu.test(path)) return [];
  const title = /^#?[ \t]*([A-Za-z][\w-]*)[ \t]*$/mu.exec(text.slice(0, titleCharacters))?.[1]?.replaceAll("-", "_");
  const folder = [title, title?.toLowerCase()].find((one) => base.paths.includes(`${one}/__init__.py`));
  return folder === undefined ? [] : base.paths.filter((one) => one.startsWith(`${folder}/`) && one.endsWith(".py"));
}

function nodeStarts(text: string, { folder, paths }: { folder: string; paths: ReadonlySet<string> }): string[] {
  const found = packageSchema.safeParse(parseJson(text)).data;
  if (found === undefined) return [];
  const named = [
    found.main,
    found.module,
    ...strings(found.browser),
    ...strings(found.bin),
    ...strings(found.exports),
    ...strings(found.imports),
  ];
  const run = Object.entries(found.scripts).filter(([name]) => !/test|lint|cover|format|type|spec/iu.test(name));
  const words = run.flatMap(([, script]) => script.split(/\s+/u));
  const targets = [...named.filter((one) => one !== undefined), ...words, "index", "src/index", "lib/index"];
  return targets.flatMap((target) => {
    const plain = posix.normalize(`${folder}${target.replace(/^\.\//u, "")}`);
    const inner = plain.slice(folder.length);
    // Build output is not in the tree; its source usually has the same name.
    const source = `${folder}${inner.replace(/^(?:dist|build|out|lib|es|cjs|esm)\/(?:(?:cjs|esm|es)\/)?/u, "src/").replace(/\.d\.[cm]?ts$|\.[cm]?js$/u, "")}`;
    return [...resolved(plain, paths), ...resolved(source, paths)];
  });
}

/** The files of the package that has the project's name, and everything below `src`. */
function pythonStarts(text: string, { folder, base }: { folder: string; base: BaseFiles }): string[] {
  const name = /^\s*name\s*=\s*["']?([\w.-]+)/mu.exec(text)?.[1]?.replaceAll(/[-.]/gu, "_");
  const modules = [...text.matchAll(/["']([A-Za-z_]\w*)["']/gu)].map(([, word]) => word ?? "");
  const places = [name, ...modules].filter((one) => one !== undefined && one !== "").map((one) => `${folder}${one}`);
  return base.paths.filter(
    (path) =>
      path.endsWith(".py") &&
      (path.startsWith(`${folder}src/`) ||
        places.some((place) => path.startsWith(`${place}/`) || path === `${place}.py`)),
  );
}

function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(strings) : [];
}
