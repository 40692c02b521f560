/** Says what a person can give for a repository without a proposal, and which ecosystem it seems to be. Pure. */
import { type DetectionFiles, escapedText } from "./finding.ts";

interface Known {
  readonly name: string;
  readonly manifest: RegExp;
  /** The registry of its packages, if the shipped configuration lacks it. */
  readonly registry: string;
  /** A test command that writes JUnit, as an example. */
  readonly example: string;
}

const known: readonly Known[] = [
  {
    name: ".NET",
    manifest: /^(?:[^/]+\.(?:sln|slnx|csproj|fsproj)|global\.json)$/u,
    registry: "https://api.nuget.org",
    example: 'dotnet test --no-restore --logger "junit;LogFilePath=$AEDEV_JUNIT_FILE"',
  },
  {
    name: "Deno",
    manifest: /^deno\.jsonc?$/u,
    registry: "https://jsr.io",
    example: 'deno test --cached-only --junit-path="$AEDEV_JUNIT_FILE"',
  },
  {
    name: "Gradle",
    manifest: /^(?:build|settings)\.gradle(?:\.kts)?$/u,
    registry: "https://services.gradle.org",
    example: "gradle --offline test",
  },
];

export function nothingFound(base: DetectionFiles): string {
  for (const { name, manifest, registry, example } of known) {
    const path = base.paths.find((one) => manifest.test(one));
    if (path === undefined) continue;
    return `${escapedText(path)} says that this is a ${name} project; aedev finds no settings for ${name}. Give an --image that has ${name} and the packages, and --verify, e.g. --verify '${example}' for results of single tests. A --prepare that fetches packages also needs ${registry} in prepare.registries of config.yaml`;
  }
  return "nothing at the top says how this repository is tested";
}
