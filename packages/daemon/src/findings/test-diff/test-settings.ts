/** Finds changed files that decide how tests run and which results count, by kind, and changed stored results that tests compare with. */
import type { TestChanges, TestFinding } from "@aedev/contracts";
import { findGlob } from "@aedev/host/globs";
import { changedKeys } from "../dependencies/package-keys.ts";
import { finding } from "./compare-tests.ts";

type SettingKind = TestChanges["settings"][number]["kind"];

const settingsMax = 2000;

const globs: readonly (readonly [SettingKind, readonly string[]])[] = [
  [
    "snapshot",
    ["__snapshots__", "*.snap", "*.snap.*", "*.ambr", "*.approved.*", "*.snapshot", "snapshots/**", "*-snapshots/**"],
  ],
  [
    "coverage",
    [
      ".nycrc*",
      "nyc.config.*",
      ".c8rc*",
      ".coveragerc",
      ".istanbul.yml",
      "codecov.y*ml",
      ".codecov.y*ml",
      ".coveralls.yml",
      "tarpaulin.toml",
      "sonar-project.properties",
    ],
  ],
  [
    "ci",
    [
      ".github/workflows/**",
      ".github/actions/**",
      ".gitlab-ci.yml",
      ".gitlab/**",
      ".circleci/**",
      ".buildkite/**",
      "Jenkinsfile",
      "azure-pipelines*.yml",
      ".travis.yml",
      "bitbucket-pipelines.yml",
      "appveyor.yml",
      ".appveyor.yml",
      ".drone.yml",
      ".woodpecker*",
      ".cirrus.yml",
    ],
  ],
  [
    "runner",
    [
      "jest.config.*",
      "jest.setup.*",
      "jest.*.config.*",
      "jest.preset.*",
      "jest-preset.*",
      "jest-setup.*",
      "setupTests.*",
      "setup-tests.*",
      "vitest.config.*",
      "vitest.workspace.*",
      "vitest.setup.*",
      "vitest.*.config.*",
      "vitest.shared.*",
      ".mocharc*",
      "mocha.opts",
      ".labrc*",
      "jasmine.json",
      "jasmine.js",
      "jasmine.mjs",
      "ava.config.*",
      "karma.conf.*",
      "playwright.config.*",
      "cypress.config.*",
      ".taprc",
      "pytest.ini",
      ".pytest.ini",
      "pytest.toml",
      ".pytest.toml",
      "tox.ini",
      "tox.toml",
      "noxfile.py",
      "conftest.py",
      ".aedev.yaml",
      "nextest.toml",
      "phpunit.xml*",
      ".rspec",
      "bunfig.toml",
    ],
  ],
];
/** The parts of manifests that decide how tests run. */
const runnerSection =
  /^[ \t]*\[+[ \t]*["']?(tool\.(pytest|coverage|tox|hatch\.envs|nox)|tool:pytest|pytest|coverage|testenv|aliases)\b/m;
/** Mocks that jest uses for packages without being asked; a mock of the repository's own module must be requested by a test. */
const ownMock = /^(packages\/[^/]+\/|src\/)?__mocks__\//i;
const runnerKey = /^(scripts|jest|mocha|ava|nyc|c8|tap|vitest|type|imports|exports|main|bin)$/;

interface SettingText {
  readonly path: string;
  readonly status: "added" | "modified" | "deleted";
  readonly before: string | null;
  readonly after: string | null;
}

/** `steering`: configuration files that this repository's commands name. */
export function findSettings(files: readonly SettingText[], steering: readonly string[] = []): TestChanges["settings"] {
  const found = files.flatMap((file) => {
    const kind = kindOf(file) ?? (steering.includes(file.path) ? ("runner" as const) : null);
    return kind === null ? [] : [{ path: file.path, kind }];
  });
  // Snapshots never ask, so they come last and can't push out a file that does.
  const isLast = ({ kind }: { kind: SettingKind }) => Number(kind === "snapshot");
  return found.toSorted((one, other) => isLast(one) - isLast(other)).slice(0, settingsMax);
}

function kindOf({ path, before, after }: SettingText): SettingKind | null {
  if (ownMock.test(path)) return "runner";
  for (const [kind, patterns] of globs) if (findGlob(path, patterns) !== null) return kind;
  if (/(^|\/)package\.json$/i.test(path))
    return changedKeys(before, after).some((key) => runnerKey.test(key)) ? "runner" : null;
  if (/(^|\/)Cargo\.toml$/i.test(path)) return cargoPart(before) === cargoPart(after) ? null : "runner";
  // Installing the package loads its pytest plugin.
  if (/(^|\/)setup\.py$/i.test(path)) return /pytest11/.test(`${before}${after}`) ? "runner" : null;
  if (!/(^|\/)(pyproject\.toml|setup\.cfg)$/i.test(path)) return null;
  return sectionsOf(before ?? "") === sectionsOf(after ?? "") ? null : "runner";
}

function sectionsOf(text: string): string {
  return text
    .split(/^(?=[ \t]*\[)/m)
    .filter((section) => runnerSection.test(section))
    .join("");
}

/** The parts of a Cargo.toml that decide which tests exist and how they are compiled; a new test program does not affect others. */
function cargoPart(text: string | null): string {
  const sections = (text ?? "").split(/^(?=[ \t]*\[)/m).filter((section) => /^[ \t]*\[profile\b/.test(section));
  const lines = (text ?? "").match(/^[ \t]*(autotests|harness|test|doctest)[ \t]*=.*$/gm) ?? [];
  return [...sections, ...lines].map((part) => part.trim()).join("\n");
}

export function isSnapshot(path: string): boolean {
  return findGlob(path, globs[0]?.[1] ?? []) !== null;
}

const entry = /^exports\[`((?:[^`\\]|\\.)*)`\] = `((?:[^`\\]|\\.)*)`;/gm;

/** Finds stored results that changed or were removed; new ones don't affect old tests. A file without entries counts as one entry. */
export function findRewritten({ path, status, before, after }: SettingText): TestFinding[] {
  if (status === "added") return [];
  const old = entriesOf(before ?? "");
  if (old.size === 0)
    return [finding("snapshot-rewritten", null, 0, status === "deleted" ? `${path} was removed` : path)];
  const young = entriesOf(after ?? "");
  return [...old].flatMap(([name, value]) => {
    const now = young.get(name);
    if (now === value) return [];
    return [
      finding(
        "snapshot-rewritten",
        name.slice(0, 500).toWellFormed(),
        0,
        now === undefined ? "its stored result was removed" : "its stored result changed",
      ),
    ];
  });
}

function entriesOf(text: string): Map<string, string> {
  return new Map([...text.matchAll(entry)].map((match) => [match[1] ?? "", match[2] ?? ""]));
}
