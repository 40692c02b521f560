/**
 * The state of the fake GitHub as plain records: accounts, repositories, pull requests and their parts. It decides nothing.
 *
 * Folder: what it remembers and GitHub's rules about it.
 */

export type Role = "read" | "write" | "admin";
export type TokenPermission = "read" | "write";
export type FakeMergeMethod = "merge" | "squash" | "rebase";

/** A user, an organization, or an app's bot. */
export interface AccountRecord {
  readonly id: number;
  readonly login: string;
  readonly type: "User" | "Organization" | "Bot";
  readonly createdAt: string;
}
/** A team of a repository's organization. */
export interface TeamRecord {
  readonly id: number;
  readonly slug: string;
}
export interface AppRecord {
  readonly id: number;
  readonly slug: string;
  readonly owner: AccountRecord;
  readonly bot: AccountRecord;
  /** PEM; undefined if the app signs no tokens. */
  readonly publicKey: string | undefined;
  readonly permissions: Readonly<Record<string, TokenPermission>>;
  readonly installationId: number;
  /** Full names of the repositories of its only installation. */
  readonly repositories: readonly string[];
  readonly createdAt: string;
}
/** The rights of a token's bearer. */
export interface TokenRecord {
  readonly token: string;
  readonly actor: AccountRecord;
  /** The app of an installation token. */
  readonly app: AppRecord | undefined;
  /** Scopes of a classic token; undefined for a fine-grained or an installation token. */
  readonly scopes: readonly string[] | undefined;
  /** By GitHub's names, for example `pull_requests`; undefined: everything that the account may do. */
  readonly permissions: Readonly<Record<string, TokenPermission>> | undefined;
  /** Full names; undefined: every repository that the account may see. */
  readonly repositories: readonly string[] | undefined;
  readonly expiresAt: Date | undefined;
}

export interface RequiredCheck {
  readonly context: string;
  /** Only check runs of this app count. */
  readonly appId?: number;
}
/** The protection of a branch. */
export interface Protection {
  /** `ruleset`: listed under `rules/branches` and refused with GH013; default `classic`. */
  readonly source?: "classic" | "ruleset";
  readonly requiredChecks?: readonly (string | RequiredCheck)[];
  /** True if the head must contain the base. */
  readonly strict?: boolean;
  /** Changes need a pull request with this number of approvals (0: only the pull request). */
  readonly requiredReviews?: number;
  readonly dismissStaleReviews?: boolean;
  /** By default administrators may push and merge nevertheless. */
  readonly enforceAdmins?: boolean;
  readonly allowForcePushes?: boolean;
  readonly allowDeletions?: boolean;
  /** Merges only through GitHub's merge queue. */
  readonly mergeQueue?: boolean;
}

export interface LabelRecord {
  readonly id: number;
  readonly name: string;
  readonly color: string;
  readonly description: string | null;
}
export interface CommentRecord {
  readonly id: number;
  readonly author: AccountRecord;
  readonly app: AppRecord | undefined;
  readonly createdAt: string;
  body: string;
  updatedAt: string;
}
export interface EventRecord {
  readonly id: number;
  readonly actor: AccountRecord;
  readonly app: AppRecord | undefined;
  readonly event: string;
  readonly createdAt: string;
  readonly commitId: string | null;
  /** GitHub's additional keys, such as `label` or `rename`. */
  readonly details: Readonly<Record<string, unknown>>;
}
export type ReviewState = "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED" | "PENDING";
export interface ReviewRecord {
  readonly id: number;
  readonly author: AccountRecord;
  readonly body: string;
  readonly commitId: string;
  readonly submittedAt: string;
  state: ReviewState;
}
export interface ReviewCommentRecord {
  readonly id: number;
  readonly reviewId: number;
  readonly author: AccountRecord;
  readonly body: string;
  readonly path: string;
  readonly line: number;
  readonly commitId: string;
  readonly createdAt: string;
}
/** What a read found out about merging, for one pair of head and base. */
export interface Mergeability {
  readonly headSha: string;
  readonly baseSha: string;
  readonly mergeable: boolean;
  /** GitHub's test merge, `refs/pull/N/merge`; null on conflicts. */
  readonly testMergeSha: string | null;
  /** Number of reads that still answer `unknown`. */
  unknownReads: number;
}
export interface PullRecord {
  readonly id: number;
  readonly number: number;
  readonly headRef: string;
  baseRef: string;
  /** The branches' tips: the current ones while it is open, otherwise those before it was merged or closed. */
  headSha: string;
  baseSha: string;
  draft: boolean;
  mergedAt: string | null;
  mergedBy: AccountRecord | null;
  mergeCommitSha: string | null;
  maintainerCanModify: boolean;
  readonly reviews: ReviewRecord[];
  /** Accounts that were asked for a review and have given none since. */
  readonly requestedReviewers: AccountRecord[];
  readonly requestedTeams: TeamRecord[];
  readonly reviewComments: ReviewCommentRecord[];
  mergeability: Mergeability | null;
  /** Its place in the merge queue; null if it is not in it. */
  queue: { readonly id: number; readonly headSha: string } | null;
}
/** An issue; a pull request is an issue with `pull`. */
export interface IssueRecord {
  readonly id: number;
  readonly number: number;
  readonly author: AccountRecord;
  readonly app: AppRecord | undefined;
  readonly createdAt: string;
  readonly pull: PullRecord | null;
  readonly comments: CommentRecord[];
  readonly events: EventRecord[];
  readonly labels: LabelRecord[];
  title: string;
  body: string | null;
  state: "open" | "closed";
  stateReason: "completed" | "reopened" | "not_planned" | null;
  updatedAt: string;
  /** When its text was last edited; null if never. A new title is an event instead. */
  lastEditedAt: string | null;
  /** Who last edited its text. */
  editor: AccountRecord | null;
  closedAt: string | null;
  closedBy: AccountRecord | null;
}

export interface StatusRecord {
  readonly id: number;
  readonly sha: string;
  readonly state: "error" | "failure" | "pending" | "success";
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creator: AccountRecord;
  readonly createdAt: string;
}
export type CheckStatus = "queued" | "in_progress" | "completed" | "waiting" | "requested" | "pending";
export type CheckConclusion =
  | "success"
  | "failure"
  | "neutral"
  | "cancelled"
  | "skipped"
  | "timed_out"
  | "action_required";
export interface CheckRunRecord {
  readonly id: number;
  readonly app: AppRecord;
  readonly suiteId: number;
  readonly headSha: string;
  name: string;
  status: CheckStatus;
  conclusion: CheckConclusion | null;
  externalId: string;
  detailsUrl: string | null;
  startedAt: string;
  completedAt: string | null;
  /** `annotations`: their number. */
  output: { title: string | null; summary: string | null; text: string | null; annotations: number };
}

export interface MergeSettings {
  allowMergeCommit: boolean;
  allowSquashMerge: boolean;
  allowRebaseMerge: boolean;
  allowAutoMerge: boolean;
  deleteBranchOnMerge: boolean;
}
/** An open Dependabot alert. */
export interface AlertRecord {
  readonly number: number;
  readonly ecosystem: string;
  readonly dependency: string;
  readonly manifest: string;
  readonly advisory: string;
  readonly summary: string;
  readonly vulnerable: string;
  /** Null if no version is without the flaw. */
  readonly patched: string | null;
  readonly createdAt: string;
}
export interface RepositoryRecord {
  readonly id: number;
  readonly owner: AccountRecord;
  readonly name: string;
  readonly fullName: string;
  /** The bare repository. */
  readonly gitDir: string;
  readonly private: boolean;
  readonly createdAt: string;
  readonly settings: MergeSettings;
  readonly roles: Map<string, Role>;
  /** Teams with access, by slug. */
  readonly teams: Map<string, TeamRecord>;
  readonly protections: Map<string, Protection>;
  readonly issues: Map<number, IssueRecord>;
  readonly labels: Map<string, LabelRecord>;
  readonly statuses: StatusRecord[];
  readonly checkRuns: CheckRunRecord[];
  /** Ids of check suites that are not completed so far, although all their runs are. */
  readonly openSuites: Set<number>;
  /** Open Dependabot alerts, by number. */
  readonly alerts: Map<number, AlertRecord>;
  defaultBranch: string;
  pushedAt: string;
  /** How far the default branch's messages were read for issues that they close; null if not at all. */
  readTo: string | null;
  /** Who last changed a branch; a branch that moved without a request belongs to the owner. */
  lastPusher: AccountRecord;
}
