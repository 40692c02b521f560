/** What speaks against an update of packages (ADR 0052): findings about their files, and what their registries say. Pure. */
import { counted, type DependencyRecord } from "@aedev/contracts";
import { type Policy, versionParts } from "../policy/policy-schema.ts";
import type { ChangeEvidence } from "./change-evidence.ts";

type Evidence = Pick<ChangeEvidence, "dependencyChanges" | "dependencyRecords">;
export interface DependencyProblem {
  readonly name: string;
  readonly file: string;
  /** A clause that follows the names. */
  readonly why: string;
}

/** The changed files in which nothing but versions of known packages changes. */
export function updatedPaths({ dependencyRecords }: Pick<Evidence, "dependencyRecords">): readonly string[] {
  return dependencyRecords?.files ?? [];
}

/** Why a person should look at each changed dependency; empty if nothing speaks against any of them. Without records, nothing speaks for any of them. */
export function dependencyProblems(
  { dependencyChanges, dependencyRecords }: Evidence,
  policy: Policy,
): DependencyProblem[] {
  const changes = dependencyChanges?.changes ?? [];
  const isUnknown = dependencyRecords == null;
  const found = changes.flatMap(({ name, file, suspicious }) => {
    const why = suspicious ?? (isUnknown ? unknownUpdate : null);
    return why === null ? [] : [{ name, file, why }];
  });
  if (isUnknown) return found;
  const { files, packages } = dependencyRecords;
  const known = new Set([...files, ...found.map(({ file }) => file)]);
  const unread = changes.filter(({ file }) => !known.has(file));
  return [
    ...found,
    ...unread.map(({ name, file }) => ({
      name,
      file,
      why: "more than versions of known packages changes in this file, or it could not be read",
    })),
    ...packages.flatMap((record) => {
      const problems = recordProblems(record, policy);
      const why = `${record.from} to ${record.to}: ${problems.join("; ")}`;
      return problems.length === 0 ? [] : [{ name: record.name, file: record.file, why }];
    }),
  ];
}

const unknownUpdate =
  "this update was not compared with its registry, because its file could not be read or another version of aedev read it; `aedev task retry <task>` tries again";

function recordProblems(record: DependencyRecord, { dependencies }: Policy): string[] {
  const { step, age_days, hash, new_install_script, licence, withdrawn, required, unknown } = record;
  const [before, after] = licence;
  const problems: (string | false)[] = [
    step === "back" && "it goes back to an older version",
    step === "unclear" && "these are not two releases of one form",
    asks(step, dependencies.asks_from) && `the policy asks from a ${dependencies.asks_from} version on`,
    required === false && "neither its manifest nor a package that moves with it asks for another version",
    unknown !== null && unknown,
  ];
  if (unknown === null)
    problems.push(
      required === null && "whether its manifest or a package that moves with it needs it is unknown",
      hash === "other" && "its hash in the lockfile is not the registry's, so another archive would be installed",
      hash === null && "its hash could not be compared with the registry's",
      age_days === null && "its registry does not record when it was released",
      age_days !== null &&
        age_days < dependencies.min_age_days &&
        `released ${age_days === 0 ? "today" : `${counted(age_days, "day")} ago`}, and the policy wants ${counted(dependencies.min_age_days, "day")}`,
      new_install_script === true && "it now runs a program of its own when it is installed",
      new_install_script === null && "whether it runs a program when it is installed is unknown",
      before !== null && before !== after && `its licence changes from ${before} to ${after ?? "none"}`,
      withdrawn !== null && `withdrawn or deprecated: ${withdrawn}`,
    );
  return problems.filter((problem) => problem !== false);
}

function asks(step: DependencyRecord["step"], from: Policy["dependencies"]["asks_from"]): boolean {
  return versionParts.some((one, index) => one === step && index >= versionParts.indexOf(from));
}
