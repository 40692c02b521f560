/** Gets a Python project itself into its virtual environment: as an editable package, or as no more than its name and version. Pure. */
import { isPlainRequirement, nameOf, quotableRequirement, requirementsMax } from "./plain-requirement.ts";
import type { Declared } from "./python-declared.ts";

/** The project installed as an editable package. */
export interface Installed {
  readonly prepare: string;
  readonly build: string;
  readonly outputs: readonly string[];
}

/** Tests also see the image's packages, so that its pytest suffices. */
export const makeEnvironment = "python3 -m venv --system-site-packages .venv";
/** What hatchling, pdm-backend and older setuptools need only to build an editable package. */
const forEditable = ["editables", "wheel"];
const scm = /scm|vcs|versioning|pdm/u;

/** Runs in the build step, which has the project's code; its build tools are fetched before. */
export function asInstalled(
  { buildRequirements, project, versionFile }: Declared,
  prepare: string | null,
): Installed | null {
  if (buildRequirements === null || buildRequirements.length > requirementsMax) return null;
  const wanted = [...buildRequirements.map(quotableRequirement), ...forEditable];
  if (wanted.some((text) => !isPlainRequirement(text))) return null;
  const pip = "python3 -m pip --python .venv/bin/python install";
  // The checkout has no history from which a version could be read.
  const version = plainVersion(project?.version ?? null);
  const variables = [
    "SETUPTOOLS_SCM_PRETEND_VERSION",
    "PDM_BUILD_SCM_VERSION",
    "POETRY_DYNAMIC_VERSIONING_BYPASS",
    "UV_DYNAMIC_VERSIONING_BYPASS",
  ];
  const given = wanted.some((text) => scm.test(nameOf(text)))
    ? variables.map((name) => `${name}=${version} `).join("")
    : "";
  return {
    prepare: `${prepare ?? makeEnvironment} && ${pip} ${wanted.map((text) => `'${text}'`).join(" ")}`,
    build: `${given}${pip} --no-index --no-deps --no-build-isolation -e .`,
    outputs: [".venv", ...(versionFile === null ? [] : [versionFile])],
  };
}

function plainVersion(version: string | null): string {
  return version !== null && /^\d[\w.+!-]{0,60}$/u.test(version) ? version : "0.0.0";
}

/** Lets `importlib.metadata` find the project without installing it: only its name and version. */
export function ownMetadata({ project }: Declared): string {
  if (project === null || !/^[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?$/u.test(project.name)) return "";
  const version = plainVersion(project.version);
  const folder = `${project.name.replaceAll(/[-.]+/gu, "_")}-${version}.dist-info`;
  return ` && m=$(echo .venv/lib/python3*/site-packages)/${folder} && mkdir -p $m && printf 'Metadata-Version: 2.1\\nName: ${project.name}\\nVersion: ${version}\\n' > $m/METADATA`;
}
