/**
 * What the approval pages show: the daemon composes this data, the dashboard renders it. Texts are raw; only the renderer escapes and
 * truncates them. A token allows only the decision that its field names; it is null if the reader's own token does not allow that.
 *
 * Folder: the data of the approval page and of the page for a new mission.
 */
import type { RaisedBudget } from "../budget-amount.ts";
import type { Checks } from "../evidence.ts";
import type { IndependentTests } from "../independent-tests.ts";
import type { LandingPlace } from "../landing-way.ts";
import type { Provenness } from "../provenness.ts";
import type { Reason } from "../reason.ts";
import type { OutsideReplay } from "../replay.ts";
import type { Specification } from "../specification.ts";
import type { Verdict } from "../verdict.ts";

/** A form that was not taken: why, and what was written in it, by field. It has no text if one of them contains a secret. */
export interface ReturnedForm {
  readonly problem: string;
  readonly fields: Readonly<Record<string, string>>;
  /** It can be sent again in spite of the problem. */
  readonly again?: true;
}

interface ApprovalPageHead {
  readonly mission_title: string;
  readonly repository: string;
  /** ISO 8601 UTC. */
  readonly expires_at: string;
  /** Null if the page was just opened. */
  readonly returned: ReturnedForm | null;
}

/** The three decisions on a change or a specification: none of their tokens makes another. */
export interface DecisionTokens {
  readonly approve: string | null;
  readonly change: string | null;
  readonly reject: string | null;
}

/**
 * Whether an operator signs in with a decision: `approve`: approving needs it; `write`: sending back needs it too; `possible`: the decision then
 * names the operator; `none`: there are no operators.
 */
export type PageSignIn = "approve" | "write" | "possible" | "none";

/** The commit that an approved change becomes, and where. */
export interface LandingCommit extends LandingPlace {
  readonly title: string;
}

/** Asks whether this change lands. */
export interface LandingPage extends ApprovalPageHead {
  readonly kind: "landing";
  /** Why the gate asks; empty if the policy asks about every such change. */
  readonly reasons: readonly Reason[];
  readonly specification: Specification;
  readonly change_digest: string;
  /** The patch as text in which lines that differ look different. */
  readonly patch: string;
  /** The command that prints the whole patch. */
  readonly patch_command: string;
  /** What the capture of the change put back or left out, a sentence each. */
  readonly capture_notes: readonly string[];
  /** Null if the evidence has none. */
  readonly checks: Checks | null;
  /** Which green tests were shown able to fail; null if the evidence does not say. */
  readonly provenness: Provenness | null;
  /** Null if the evidence has none. */
  readonly replay: OutsideReplay | null;
  /** Null if no other run wrote tests for it. */
  readonly independent_tests: IndependentTests | null;
  /** One line for each effect of the change on tests; null if the evidence has none. */
  readonly test_changes: readonly string[] | null;
  readonly verdicts: readonly Pick<Verdict, "family" | "model" | "verdict" | "detail">[];
  readonly risk: {
    readonly score: number | null;
    readonly level: string | null;
    readonly shares: readonly { readonly factor: string; readonly points: number; readonly why: string }[];
  };
  readonly commit: LandingCommit;
  readonly sign_in: PageSignIn;
  readonly tokens: DecisionTokens;
}

/** Asks whether work on this specification starts. */
export interface SpecificationPage extends ApprovalPageHead {
  readonly kind: "specification";
  readonly specification: Specification;
  readonly specification_digest: string;
  /** What of the issue that it was made from nobody sees there: it is not in the text. */
  readonly left_out: readonly string[];
  /** The files and names in the code that request, criteria and answers name. */
  readonly places: readonly string[];
  /** The one folder of the repository that was registered; null: all of it. */
  readonly folder: string | null;
  readonly sign_in: PageSignIn;
  readonly tokens: DecisionTokens;
}

/** One question of a page, with the names of its fields. */
export interface PageQuestion {
  readonly text: string;
  readonly default: string;
  readonly choices: readonly string[];
  /** Takes the index of a choice, or `default`. */
  readonly choice_field: string;
  /** Takes a text, which counts instead of the choice. */
  readonly text_field: string;
}

/** The open questions of one round of clarification, or that of a coder that stopped. It has no token that approves (SECURITY T23). */
export interface QuestionPage extends ApprovalPageHead {
  readonly kind: "question";
  /** `gate`: whether tests that the request breaks may change. */
  readonly asked_by: "aedev" | "coder" | "gate";
  readonly questions: readonly PageQuestion[];
  /** For answers to all of them. */
  readonly answer_token: string | null;
  /** The one answer that the reader's own token gives, if it gives one only. */
  readonly choice: { readonly text: string; readonly token: string } | null;
}

/** Offers to take a landed change back. Its token lands nothing: the revert is asked about itself. */
export interface RevertPage extends ApprovalPageHead {
  readonly kind: "revert";
  readonly commit: string;
  /** What was observed of the landed change, as sentences. */
  readonly observed: readonly string[];
  readonly sign_in: PageSignIn;
  readonly revert_token: string | null;
}

/** Offers to raise a budget that holds work, to one amount. Figures are in tokens, nano-dollars, milliseconds or runs. */
export interface BudgetPage extends ApprovalPageHead {
  readonly kind: "budget";
  readonly raised: RaisedBudget;
  /** The limit in force; null: it has none now. */
  readonly limit: number | null;
  readonly used: number;
  /** Whether more was used than can be counted: the price of something is not known. */
  readonly used_at_least: boolean;
  /** The holds that end with it, the one that was asked about first. */
  readonly holds: readonly { readonly hold_id: string; readonly mission_title: string; readonly detail: string }[];
  readonly sign_in: PageSignIn;
  readonly raise_token: string | null;
}

/** What an approval page shows, by what it is about. */
export type ApprovalPage = LandingPage | SpecificationPage | QuestionPage | RevertPage | BudgetPage;

/** The form for a new mission, which a link opens. It submits; it approves nothing. */
export interface NewMissionPage {
  readonly repositories: readonly string[];
  readonly token: string;
  /** Names this form: sent twice, it is one mission. */
  readonly request: string;
  readonly expires_at: string;
  readonly returned: ReturnedForm | null;
}

/** The result of a tapped button, or why a link shows nothing. */
export interface ResultPage {
  readonly title: string;
  readonly message: string;
  /** Commands for the terminal. */
  readonly commands: readonly string[];
}
