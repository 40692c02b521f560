/** Detects from manifests and test files how a Python project is prepared and tested. Pure. */
import { pytestNames, unittestUsual } from "@aedev/host/python-test-names";
import {
  type Alternative,
  type DetectionFiles,
  escapedText,
  fileText,
  type Part,
  preparedRoot,
  type SettingReason,
  unreadableFiles,
} from "./finding.ts";
import { measuresCoverage } from "./pytest-settings.ts";
import { findRequirements } from "./python-requirements.ts";
import { testFiles, testGlobs } from "./test-globs.ts";
import { unittestDiscovery } from "./unittest-discovery.ts";
import { isVersionedByTags } from "./versioned-by-tags.ts";

const manifests = [
  "pyproject.toml",
  "setup.cfg",
  "setup.py",
  "tox.ini",
  "pytest.ini",
  "Pipfile",
  "uv.lock",
  "poetry.lock",
];
/** Matches spaces within a line only: `\s` after `^` would rescan each run of empty lines again and again. */
const settingsOfPytest: readonly [path: string, section: RegExp][] = [
  ["pyproject.toml", /^[ \t]*\[tool\.pytest(\.ini_options)?\]/mu],
  ["setup.cfg", /^[ \t]*\[tool:pytest\]/mu],
  ["tox.ini", /^[ \t]*\[pytest\]/mu],
  ["pytest.ini", /^[ \t]*\[pytest\]/mu],
];

/** Null if nothing says that this is a Python project. */
export function findPython(base: DetectionFiles): Part | null {
  const isManifest = (path: string) => manifests.includes(path) || /^requirements[\w.-]*\.txt$/u.test(path);
  const django = isDjango(base);
  const names = django ? unittestUsual : pytestNames((path) => fileText(base, path));
  const tests = testFiles(base.paths, "python", names);
  const isPython =
    django || base.paths.some(isManifest) || (tests.length > 0 && base.paths.some((path) => /^[^/]+\.py$/u.test(path)));
  if (!isPython) return null;
  const requirements = findRequirements(base);
  const runner = runnerOf(base, { tests, names: requirements.names });
  const globs = testGlobs(base.paths, "python", runner?.name === "pytest" || django ? names : []);
  const reasons: SettingReason[] = [...requirements.reasons];
  if (requirements.prepare !== null)
    reasons.push({ setting: "outputs", why: "the virtual environment that prepare makes" });
  const { toRoot } = preparedRoot(base, requirements.isPreparedAtTop);
  const python = requirements.prepare === null ? "python3" : `${toRoot}.venv/bin/python`;
  const source = sourcePath(base, requirements.siblings);
  if (runner !== null) reasons.push({ setting: "verify", why: runner.why }, { setting: "tests", why: globs.why });
  return {
    language: "python",
    tools: [requirements.tool, ...(runner === null ? [] : [runner.name])],
    settings: {
      prepare: requirements.prepare,
      outputs: requirements.prepare === null ? [] : [`${toRoot}.venv`],
      ...(runner === null ? {} : { verify: [`${source}${python} ${runner.module}`], tests: globs.tests }),
    },
    checks: runner === null ? "none" : "per-test",
    isPreparedAtTop: requirements.isPreparedAtTop,
    alternatives: runner === null ? [] : otherWays(runner, { python, source, requirements, globs: globs.tests }),
    reasons,
    notes: [
      ...unreadableFiles(base, [
        ...manifests,
        ...base.paths.filter((path) => /^requirements[\w.-]*\.txt$/u.test(path)),
      ]),
      ...requirements.notes,
      ...versionNote(base),
      ...(runner === null ? ["no test of pytest, unittest or Django was found"] : runner.notes),
    ],
  };
}

/** A note, because tests may read the version. */
function versionNote(base: DetectionFiles): string[] {
  if (!isVersionedByTags(base)) return [];
  const { taggedVersion } = base;
  return taggedVersion == null
    ? ["its version comes from git tags, and none was found before the base: 0.0.0 stands in for it"]
    : [`its version comes from git tags: ${taggedVersion}, the nearest before the base, is given to its build`];
}

/** Django's manage.py at the top, which runs the tests. */
function isDjango(base: DetectionFiles): boolean {
  return /\bDJANGO_SETTINGS_MODULE\b/u.test(fileText(base, "manage.py") ?? "");
}

interface PythonRunner {
  readonly name: "pytest" | "unittest" | "django";
  readonly module: string;
  readonly why: string;
  readonly notes: readonly string[];
}

function runnerOf(
  base: DetectionFiles,
  known: { tests: readonly string[]; names: ReadonlySet<string> },
): PythonRunner | null {
  const configured = settingsOfPytest.find(([path, section]) => section.test(fileText(base, path) ?? ""));
  const module = measuresCoverage(base) ? "-m pytest --no-cov" : "-m pytest";
  const pytest = (why: string): PythonRunner => ({ name: "pytest", module, why, notes: [] });
  const isPytest = configured !== undefined || base.paths.includes("pytest.ini") || known.names.has("pytest-django");
  if (isDjango(base) && !isPytest)
    return known.tests.length === 0
      ? null
      : { name: "django", module: "manage.py test", why: "there is a manage.py of Django", notes: [] };
  if (configured !== undefined) return pytest(`${configured[0]} has settings of pytest`);
  if (base.paths.includes("pytest.ini")) return pytest("there is a pytest.ini");
  if (known.names.has("pytest")) return pytest("pytest is among the dependencies");
  const conftest = base.paths.find((path) => /(^|\/)conftest\.py$/u.test(path));
  if (conftest !== undefined) return pytest(`there is a ${escapedText(conftest)}`);
  const imports = (module: string) =>
    known.tests.find((path) =>
      new RegExp(`^[ \\t]*(import|from)[ \\t]+${module}\\b`, "mu").test(fileText(base, path) ?? ""),
    );
  const byImport = imports("pytest");
  if (byImport !== undefined) return pytest(`${escapedText(byImport)} imports pytest`);
  const byUnittest = imports("unittest");
  if (byUnittest !== undefined) {
    const { options, notes } = unittestDiscovery(base.paths, known.tests);
    const module = `-m unittest discover${options}`;
    return { name: "unittest", module, why: `${escapedText(byUnittest)} imports unittest`, notes };
  }
  const plain = known.tests.find((path) => /^[ \t]*(async[ \t]+)?def[ \t]+test_/mu.test(fileText(base, path) ?? ""));
  return plain === undefined ? null : pytest(`${escapedText(plain)} has test functions as pytest finds them`);
}

/** Alternatives: without a lockfile that may not fit this Python, with the project itself installed, with only the tests' own folder. */
function otherWays(
  runner: PythonRunner,
  known: {
    python: string;
    source: string;
    requirements: ReturnType<typeof findRequirements>;
    globs: readonly string[];
  },
): Alternative[] {
  const folder = ["tests", "test"].find((name) => known.globs.includes(`${name}/**`));
  const ways: Alternative[] = [];
  if (runner.name === "pytest" && folder !== undefined)
    ways.push({
      why: `only the tests in ${folder}`,
      settings: { verify: [`${known.source}${known.python} ${runner.module} ${folder}`] },
    });
  const { pinned, pinnedInstalled, unlocked, installed, unlockedInstalled, hinted, optional, lean } =
    known.requirements;
  const onlyAfterFetch = known.requirements.isUnlockedLess === true ? { only_if_fetch_failed: true as const } : {};
  const whole = { verify: [`${known.source}.venv/bin/python ${runner.module}`] };
  const afterFetch = { only_if_fetch_failed: true as const };
  const manifests = known.requirements.tool === "pip" ? "what the manifest names" : "without the lockfile";
  const fetched = (why: string, prepare: string | undefined, when = {}): Alternative[] =>
    prepare === undefined ? [] : [{ why, settings: { prepare }, ...when }];
  const withProject = (why: string, way: typeof installed | undefined, when = {}): Alternative[] =>
    way == null ? [] : [{ why, settings: { ...way, outputs: [...way.outputs], ...whole }, ...when }];
  const others = [
    ...fetched("the lockfile's versions by pip", pinned, afterFetch),
    ...withProject("the lockfile's versions by pip and the project itself installed", pinnedInstalled, afterFetch),
    ...fetched(
      known.requirements.tool === "pip" ? manifests : `what the manifest names, ${manifests}`,
      unlocked,
      onlyAfterFetch,
    ),
    ...withProject("with the project itself installed", installed),
    ...withProject(`${manifests} and with the project itself installed`, unlockedInstalled, onlyAfterFetch),
  ];
  const withMore = (why: string, way: typeof hinted): Alternative[] => {
    if (way === null) return [];
    const settings =
      way.installed === null
        ? { prepare: way.prepare, outputs: [".venv"] }
        : { ...way.installed, outputs: [...way.installed.outputs] };
    return [{ why, settings: { ...settings, ...whole } }];
  };
  const more = [
    ...withMore("with what the repository's workflows and sessions of nox install", hinted),
    ...withMore("with the optional dependencies", optional),
  ];
  const leaner: Alternative[] =
    lean === null
      ? []
      : [
          {
            why: "what the manifest names, without formatters, linters and tools for documents",
            settings: { prepare: lean, outputs: [".venv"], ...whole },
          },
        ];
  return [...others, ...more, ...leaner, ...ways];
}

/** Tests find code below `src/` only if it is installed, which prepare does not do, or if this path names it. */
function sourcePath(base: DetectionFiles, siblings: readonly string[]): string {
  const hasSource = base.paths.some((path) => /^src\/[^/]+(\/__init__)?\.py$/u.test(path));
  const isSaid = /^[ \t]*pythonpath[ \t]*=/mu.test(
    ["pyproject.toml", "pytest.ini", "setup.cfg", "tox.ini"].map((path) => fileText(base, path) ?? "").join("\n"),
  );
  const paths = [...(hasSource && !isSaid ? ["src"] : []), ...siblings];
  return paths.length > 0 ? `PYTHONPATH=${paths.join(":")} ` : "";
}
