/** What risk and gate read of a change: control's own findings, the summary of the checks and the verdicts. Null means missing, and missing never counts as good. */
import type {
  Checks,
  DependencyChanges,
  Family,
  PathReport,
  SecretReport,
  TestChanges,
  Verdict,
} from "../wire/index.ts";

/** The lists of path patterns in the policy that say something about a change's risk. */
export const pathGroups = [
  "sensitive_path_touch",
  "workflow_change",
  "auth_security_files",
  "network_code_change",
  "database_migration",
  "orchestrator_core_change",
  "runner_sandbox_change",
  "validator_change",
  "documentation",
] as const;
export type PathGroup = (typeof pathGroups)[number];
/** The changed paths (old and new names) that each list matches. */
export type TouchedPaths = Readonly<Record<PathGroup, readonly string[]>>;

export interface ChangeEvidence {
  readonly checks: Checks | null;
  readonly pathReport: PathReport | null;
  readonly secretReport: SecretReport | null;
  readonly dependencyChanges: DependencyChanges | null;
  readonly testChanges: TestChanges | null;
  readonly touched: TouchedPaths | null;
  readonly verdicts: readonly Verdict[];
  /** Families that were asked about this bundle. */
  readonly askedFamilies: readonly Family[];
}
