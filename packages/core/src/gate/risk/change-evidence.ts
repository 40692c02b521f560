/** The evidence that risk and gate read: control's own findings, the summary of the checks and the verdicts. Null means missing, and missing never counts as good. */
import type {
  Checks,
  DependencyChanges,
  Family,
  IndependentTests,
  OutsideReplay,
  PathReport,
  Provenness,
  RevertReport,
  SecretReport,
  TestChanges,
  Verdict,
  WatchedPaths,
} from "@aedev/contracts";
import type { RevertedChange } from "@aedev/contracts/events";

/** The policy's lists of path patterns that affect a change's risk. */
export const pathGroups = [
  "sensitive_path_touch",
  "workflow_change",
  "auth_security_files",
  "network_code_change",
  "database_migration",
  "documentation",
] as const;
/** A list of paths in the policy. */
export type PathGroup = (typeof pathGroups)[number];
/** For each list, the changed paths (old and new names) that it matches. */
export type TouchedPaths = Readonly<Record<PathGroup, readonly string[]>>;

export interface ChangeEvidence {
  readonly checks: Checks | null;
  /** Which green tests were shown able to fail. */
  readonly provenness: Provenness | null;
  readonly pathReport: PathReport | null;
  readonly secretReport: SecretReport | null;
  readonly dependencyChanges: DependencyChanges | null;
  readonly testChanges: TestChanges | null;
  readonly touched: TouchedPaths | null;
  /** Calls of changed functions outside the tests; null if the bundle has none, which says nothing. */
  readonly replay: OutsideReplay | null;
  /** What tests that another run wrote show; absent or null: there are none. */
  readonly independentTests?: IndependentTests | null | undefined;
  /** Null if the base's checks could not be watched. */
  readonly watched: WatchedPaths | null;
  /** The landed change that it takes back; absent: it takes none back. */
  readonly reverts?: RevertedChange | undefined;
  /** How it compares with that change; absent or null: it is no revert, or that is missing. */
  readonly reverted?: RevertReport | null | undefined;
  readonly verdicts: readonly Verdict[];
  /** Families that were asked about this bundle. */
  readonly requestedJudges: readonly Family[];
}
