/**
 * What the approval pages show: the daemon composes this data, the dashboard renders it. Texts are raw; only the renderer escapes and
 * truncates them. A token allows only the decision that its field names; it is null if the reader's own token does not allow that.
 *
 * Folder: data of the approval page and the mission page.
 */

import type { PatchFileDocument } from "../api/change-patch.ts";
import type { RaisedBudget } from "../budget-amount.ts";
import type { Checks } from "../evidence.ts";
import type { DecidedRisk } from "../harm-chance.ts";
import type { IndependentTests } from "../independent-tests.ts";
import type { LandingPlace } from "../landing-way.ts";
import type { FailureRule, SpecifiedPlan } from "../plan.ts";
import type { Provenness } from "../provenness.ts";
import type { Reason } from "../reason.ts";
import type { OutsideReplay } from "../replay.ts";
import type { SecondImplementation } from "../second-implementation.ts";
import type { Specification } from "../specification.ts";
import type { Verdict } from "../verdict.ts";

/** A form that was refused: why, and what was written in its fields. Its texts are left out if one contains a secret. */
export interface ReturnedForm {
  readonly problem: string;
  readonly fields: Readonly<Record<string, string>>;
  /** The form can be sent again in spite of the problem. */
  readonly again?: true;
}

interface ApprovalPageHead {
  readonly mission_title: string;
  readonly repository: string;
  /** ISO 8601 UTC. */
  readonly expires_at: string;
  /** Null if the page was just opened. */
  readonly returned: ReturnedForm | null;
  /** What is decided about is simulated; absent: it is real. */
  readonly demo?: true;
}

/** The tokens of the three decisions on a change or a specification. Each token works for its own decision only. */
export interface DecisionTokens {
  readonly approve: string | null;
  readonly change: string | null;
  readonly reject: string | null;
}

/**
 * Whether an operator signs in with a decision. `approve`: approving needs it. `write`: sending back needs it too. `possible`: it is optional, and the
 * decision then names the operator. `none`: there are no operators.
 */
export type PageSignIn = "approve" | "write" | "possible" | "none";

/** The commit that an approved change becomes, and where. */
export interface LandingCommit extends LandingPlace {
  readonly title: string;
}

/** Asks whether this change lands. */
export interface LandingPage extends ApprovalPageHead {
  readonly kind: "landing";
  /** Why the gate asks; empty if the policy asks about every change of this kind. */
  readonly reasons: readonly Reason[];
  readonly specification: Specification;
  readonly change_digest: string;
  /** The first files of the patch, and how many follow. */
  readonly files: readonly PatchFileDocument[];
  readonly files_omitted: number;
  readonly patch_command: string;
  /** One sentence for each thing that the capture of the change put back or left out. */
  readonly capture_notes: readonly string[];
  /** Null if the evidence has none. */
  readonly checks: Checks | null;
  /** Which green tests were shown able to fail; null if the evidence does not say. */
  readonly provenness: Provenness | null;
  /** Null if the evidence has none. */
  readonly replay: OutsideReplay | null;
  /** Null if no other run wrote tests for it. */
  readonly independent_tests: IndependentTests | null;
  readonly second_implementation: SecondImplementation | null;
  /** One line for each effect of the change on tests; null if the evidence has none. */
  readonly test_changes: readonly string[] | null;
  readonly verdicts: readonly Pick<Verdict, "family" | "model" | "verdict" | "detail">[];
  readonly risk: DecidedRisk & {
    readonly shares: readonly { readonly factor: string; readonly points: number; readonly why: string }[];
  };
  readonly commit: LandingCommit;
  readonly sign_in: PageSignIn;
  readonly tokens: DecisionTokens;
}

/** A part of a plan, with its own specification. */
export interface PagePart
  extends Pick<
    SpecifiedPlan["parts"][number],
    "name" | "mission_id" | "repository" | "title" | "after" | "implied" | "files"
  > {
  readonly specification: Specification;
  /** The only folder of its repository that was registered; null: the whole repository. */
  readonly folder: string | null;
}

/** All parts of a plan: whoever approves it approves each of them. */
export interface PagePlan {
  readonly on_failure: FailureRule;
  readonly parts: readonly PagePart[];
}

/** Asks whether work on this specification starts. A plan has no token that sends it back: only its parts are changed. */
export interface SpecificationPage extends ApprovalPageHead {
  readonly kind: "specification";
  readonly specification: Specification;
  readonly specification_digest: string;
  /** Null: the mission is one task. */
  readonly plan: PagePlan | null;
  /** Parts of the text that GitHub hides from readers. They are not in the mission. */
  readonly left_out: readonly string[];
  /** The files and names in the code that the request, criteria and answers mention. */
  readonly places: readonly string[];
  /** The only folder of the repository that was registered; null: the whole repository. */
  readonly folder: string | null;
  readonly sign_in: PageSignIn;
  readonly tokens: DecisionTokens;
}

/** A question of the page, with the names of its form fields. */
export interface PageQuestion {
  readonly text: string;
  readonly default: string;
  readonly choices: readonly string[];
  /** A field that takes the index of a choice, or `default`. */
  readonly choice_field: string;
  /** A field that takes a text, which overrides the choice. */
  readonly text_field: string;
}

/** The open questions of one round of clarification, or the question of a coder that stopped. The page has no token that approves (SECURITY T23). */
export interface QuestionPage extends ApprovalPageHead {
  readonly kind: "question";
  /** `gate`: the question is whether tests that the request breaks may change. */
  readonly asked_by: "aedev" | "coder" | "gate";
  readonly questions: readonly PageQuestion[];
  readonly answer_token: string | null;
  /** The answer that the reader's own token gives, if it gives exactly one. */
  readonly choice: { readonly text: string; readonly token: string } | null;
}

/** Offers to take a landed change back. Its token lands nothing: a person is asked about the revert itself. */
export interface RevertPage extends ApprovalPageHead {
  readonly kind: "revert";
  readonly commit: string;
  /** What was observed of the landed change, as sentences. */
  readonly observed: readonly string[];
  readonly sign_in: PageSignIn;
  readonly revert_token: string | null;
}

/** Offers to raise a budget that holds work to one amount. Figures are in tokens, nano-dollars, milliseconds or runs. */
export interface BudgetPage extends ApprovalPageHead {
  readonly kind: "budget";
  readonly raised: RaisedBudget;
  /** The current limit; null: there is no limit now. */
  readonly limit: number | null;
  readonly used: number;
  /** True if some usage can't be counted, because a price is not known. */
  readonly used_at_least: boolean;
  /** The holds that the raise ends; the first is the one that was asked about. */
  readonly holds: readonly { readonly hold_id: string; readonly mission_title: string; readonly detail: string }[];
  readonly sign_in: PageSignIn;
  readonly raise_token: string | null;
}

/** The data of an approval page, by its subject. */
export type ApprovalPage = LandingPage | SpecificationPage | QuestionPage | RevertPage | BudgetPage;

/** The form for a new mission, which a link opens. It submits; it approves nothing. */
export interface NewMissionPage {
  readonly repositories: readonly string[];
  readonly token: string;
  /** An id of this form: sent twice, the form makes one mission. */
  readonly request: string;
  readonly expires_at: string;
  readonly returned: ReturnedForm | null;
}

/** The result of a tapped button, or why a link shows nothing. */
export interface ResultPage {
  readonly title: string;
  readonly message: string;
  /** What comes next, in one sentence; null: nothing. */
  readonly next: string | null;
  readonly commands: readonly string[];
}
