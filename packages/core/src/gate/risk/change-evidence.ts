/** The evidence that risk and gate read: control's own findings, the summary of the checks and the verdicts. Null means missing, and a missing part never counts as good. */
import type {
  ChangeKinds,
  Checks,
  DependencyChanges,
  DependencyRecords,
  Family,
  History,
  IndependentOutcome,
  IndependentTests,
  OutsideReplay,
  PathReport,
  Provenness,
  RevertReport,
  SecondImplementation,
  SecretReport,
  TestChanges,
  Verdict,
  WatchedPaths,
} from "@aedev/contracts";
import type { RevertedChange } from "@aedev/contracts/events";

/** The policy's lists of path patterns that affect a change's risk. */
export const pathGroups = ["sensitive", "authentication", "network", "documentation"] as const;
/** The name of a list of paths in the policy. */
export type PathGroup = (typeof pathGroups)[number];
/** The changed paths (old and new names) that match each list. */
export type TouchedPaths = Readonly<Record<PathGroup, readonly string[]>>;

export interface ChangeEvidence {
  readonly checks: Checks | null;
  readonly provenness: Provenness | null;
  readonly pathReport: PathReport | null;
  readonly secretReport: SecretReport | null;
  readonly dependencyChanges: DependencyChanges | null;
  /** What the registries say about moved packages; absent or null: they were not asked, and each change of a dependency counts. */
  readonly dependencyRecords?: DependencyRecords | null | undefined;
  readonly testChanges: TestChanges | null;
  readonly touched: TouchedPaths | null;
  /** Calls of changed functions outside the tests. Null: the bundle has none, which neither helps nor harms the change. */
  readonly replay: OutsideReplay | null;
  /** Results of tests that another run wrote; absent or null: there are none. */
  readonly independentTests?: IndependentTests | null | undefined;
  /** The change beside the code of that run; absent or null: there is none. */
  readonly secondImplementation?: SecondImplementation | null | undefined;
  /** The outcome of the run that was to write tests from the specification alone; absent: it is still to come. */
  readonly independentOutcome?: IndependentOutcome | undefined;
  /** Null if the base's checks could not be watched. */
  readonly watched: WatchedPaths | null;
  /** Of what kind each changed file is; absent or null: every file counts as code. */
  readonly changeKinds?: ChangeKinds | null | undefined;
  /** What the repository's past says of changes like this one; absent or null: its past is not read yet. */
  readonly history?: History | null | undefined;
  /** The landed change that it takes back; absent: it takes none back. */
  readonly reverts?: RevertedChange | undefined;
  /** The comparison with that change; absent or null: the change is no revert, or the comparison is missing. */
  readonly reverted?: RevertReport | null | undefined;
  readonly verdicts: readonly Verdict[];
  readonly requestedJudges: readonly Family[];
}
