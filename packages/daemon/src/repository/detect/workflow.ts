/**
 * Reads a forge's workflows (`.github/workflows`) and nox's test sessions for hints: which extras, groups and packages they install, which requirements files,
 * which scripts they run. None of it is run: a line counts only if detection could propose it itself, with names from the manifests. Pure.
 */
import { isFault } from "@aedev/contracts";
import { z } from "zod";
import { foreignCharactersMax, parseYaml } from "../../configuration/yaml-document.ts";
import { type DetectionFiles, fileText } from "./finding.ts";
import { isPlainRequirement, nameOf, quotableRequirement } from "./plain-requirement.ts";

/** The base's workflows; `wantedFiles` bounds how many are read. */
export const workflowPath = /^\.github\/workflows\/[\w.-]{1,100}\.ya?ml$/u;
export const workflowsMax = 8;
const linesMax = 400;
const lineLengthMax = 500;
const namesMax = 20;

export interface WorkflowHints {
  /** Extras of the project itself, and dependency groups. */
  readonly extras: readonly string[];
  readonly groups: readonly string[];
  /** Requirements files, as written. */
  readonly files: readonly string[];
  /** Python packages named alone, in a form that fits single quotes. */
  readonly packages: readonly string[];
  /** Scripts of package.json that are run, in order. */
  readonly scripts: readonly string[];
  /** Whether npm is told not to check that peers fit each other. */
  readonly isPeerCheckOff: boolean;
}

const workflowSchema = z.looseObject({ jobs: z.record(z.string(), z.unknown()) });
const jobSchema = z.looseObject({ steps: z.array(z.unknown()) });
const stepSchema = z.looseObject({ run: z.string() });

export function workflowHints(base: DetectionFiles): WorkflowHints {
  const workflows = base.paths
    .filter((path) => workflowPath.test(path))
    .slice(0, workflowsMax)
    .flatMap((path) => linesOf(fileText(base, path) ?? "", path));
  const lines = [...workflows, ...noxLines(fileText(base, "noxfile.py") ?? "")]
    .slice(0, linesMax)
    .filter((line) => line.length <= lineLengthMax);
  const installs = lines.filter((line) => /\b(?:pip|uv|poetry)\b/u.test(line));
  const named = (texts: readonly string[], pattern: RegExp) =>
    distinct(texts.flatMap((line) => [...line.matchAll(pattern)].flatMap(([, name = ""]) => name.split(/[\s,]+/u))));
  return {
    extras: [
      ...new Set([
        // pip install -e '.[test,cov]'
        ...named(installs, /(?:^|[\s"'])\.(?:\/)?\[([\w.,\s-]{1,200})\]/gu),
        ...named(installs, /\s(?:--extra|-E)[ =]([\w.-]{1,60})/gu),
        ...named(installs, /\s--extras[ =]["']?([\w.,\s-]{1,200}?)["']?(?=\s-|$)/gu),
      ]),
    ],
    groups: named(installs, /\s(?:--group|--only-group|--with)[ =]([\w.,-]{1,200})/gu),
    files: named(installs, /(?:^|\s)pip3? install\s(?:.*\s)?(?:-r|--requirement)[ =]?([\w./-]{1,200}\.(?:txt|in))/gu),
    packages: [...new Set(installs.flatMap(packagesIn))].slice(0, namesMax),
    isPeerCheckOff: lines.some((line) =>
      /\bnpm\s+(?:ci|i|install)\s(?:.*\s)?(?:--legacy-peer-deps|--force|-f)(?:\s|$)/u.test(line),
    ),
    scripts: named(lines, /(?:^|&&\s*|;\s*)(?:npm|pnpm|yarn|bun)\s+(?:run(?:-script)?\s+)?([\w:.-]{1,60})/gu),
  };
}

/** Tools that set up the machine or have nothing to do with tests. */
const tools =
  /^(?:pip|setuptools|wheel|virtualenv|tox.*|nox.*|uv|poetry.*|pipenv|hatch|pdm|flit|build|twine|cibuildwheel|codecov|coveralls|pre-commit)$/u;

/** The packages that a pip line names alone: no option's value, no path, nothing that a shell would replace. */
function packagesIn(line: string): string[] {
  const [, rest = ""] = /(?:^|\s)pip3? install\s(.*)$/u.exec(line) ?? [];
  const parts = rest
    .split(/&&|[;|>]\s/u, 1)
    .join("")
    .split(/\s+/u);
  return parts
    .filter(
      (part, at) =>
        !part.startsWith("-") &&
        !/^(?:-[rce]|--(?:requirement|constraint|editable|[\w-]*url))$/u.test(parts[at - 1] ?? ""),
    )
    .map((part) => quotableRequirement(part.replace(/^(["'])(.*)\1$/u, "$2")))
    .filter((part) => isPlainRequirement(part) && !/\.(?:txt|whl|in)$/u.test(part) && !tools.test(nameOf(part)));
}

const noxLengthMax = 100_000;
/** What nox's test sessions install, as lines of pip. */
function noxLines(text: string): string[] {
  return text
    .slice(0, noxLengthMax)
    .split(/^def[ \t]+/mu)
    .filter((session) => /tests?|^unit/u.test(/^(\w{1,100})[ \t]*\(/u.exec(session)?.[1] ?? ""))
    .flatMap((session) => [...session.matchAll(/\bsession\.install\(([^()]{0,1000})\)/gu)])
    .map(([, list = ""]) => [...list.matchAll(/"([^"\n]*)"|'([^'\n]*)'/gu)].map(([, one, other]) => one ?? other ?? ""))
    .map((parts) => `pip install ${parts.map((part) => (/[\s;<>|&]/u.test(part) ? `"${part}"` : part)).join(" ")}`);
}

const distinct = (names: readonly string[]) =>
  [...new Set(names.filter((name) => /^[\w./:-]+$/u.test(name)))].slice(0, namesMax);

/** The commands of all steps, one per line; a trailing backslash continues a line. Empty if it is no workflow or exceeds the limits. */
function linesOf(text: string, path: string): string[] {
  const workflow = workflowSchema.safeParse(parsed(text, path));
  if (!workflow.success) return [];
  return Object.values(workflow.data.jobs)
    .flatMap((job) => jobSchema.safeParse(job).data?.steps ?? [])
    .flatMap((step) => stepSchema.safeParse(step).data?.run ?? [])
    .flatMap((run) => run.replaceAll(/\\\n\s*/gu, " ").split("\n"))
    .map((line) => line.trim());
}

/** A hint that can't be read is ignored: duplicate keys, aliases and large files are refused. */
function parsed(text: string, path: string): unknown {
  try {
    return parseYaml(text, path, foreignCharactersMax);
  } catch (error) {
    if (isFault(error, "config-invalid")) return null;
    throw error;
  }
}
