/** The page behind Look: what is asked, and a button for each decision that the reader's token allows. It shows; only a POST decides. */
import {
  type ApprovalState,
  type ApprovalSubject,
  coderQuestion,
  entityById,
  type MissionState,
  type QuestionDocument,
  type TaskState,
} from "@aedev/core";
import { Fault, specificationSchema } from "@aedev/core/wire";
import type { Control } from "../loop/control.ts";
import { readDocument } from "../work/read-blobs.ts";
import { landingSections } from "./look-landing.ts";
import { specificationSection } from "./look-specification.ts";
import { page, tokenForm } from "./page-frame.ts";
import { html, type Markup } from "./page-markup.ts";
import { approvalKey, type Grant, mintToken } from "./token.ts";
import { type Claim, textLengthMax } from "./use-token.ts";

type Subject<K extends ApprovalSubject["kind"]> = Extract<ApprovalSubject, { kind: K }>;
/** A fresh token for a decision; null where the reader's own token does not allow it. */
type Mint = (grant: Grant) => string | null;

/** Only for an approval that is open. A token for one decision shows that one's button alone; a look token shows all. */
export function lookPage(control: Control, { approval, token }: Claim): string {
  const key = approvalKey(control.home);
  const mint: Mint = (grant) => {
    const { action, choice } = token;
    const isAllowed =
      action === "look" || (action === grant.action && (choice === null || choice === (grant.choice ?? null)));
    return isAllowed ? mintToken(key, approval, grant) : null;
  };
  const { subject } = approval;
  const mission = entityById(control.log.state.missions, subject.mission_id);
  if (mission === undefined) throw new Fault("NO-MISSION", `there is no mission ${subject.mission_id}`);
  switch (subject.kind) {
    case "landing":
      return landingPage(control, { approval, mission, task: taskOf(control, subject.task_id) }, mint);
    case "specification":
      return specificationPage(control, { approval, mission }, mint);
    case "question":
      return questionPage(control, { approval, mission, subject }, mint);
  }
}

function landingPage(
  control: Control,
  { approval, mission, task }: { approval: ApprovalState; mission: MissionState; task: TaskState },
  mint: Mint,
): string {
  const words = html`<label for="words">Send back with words (empty: reject for good)</label><textarea id="words" name="words" maxlength="${textLengthMax}"></textarea><button class="reject">Reject</button>`;
  const approve = html`<button class="approve">Approve: land this change</button>`;
  return page(`Land? ${mission.title}`, [
    html`<p>A change to <strong>${task.repository}</strong> asks for your decision.</p><h1>${mission.title}</h1>`,
    expiry(approval),
    landingSections(control, task),
    secondPerson(control),
    decisions([button(mint({ action: "approve" }), approve), button(mint({ action: "reject" }), words)]),
  ]);
}

function specificationPage(
  control: Control,
  { approval, mission }: { approval: ApprovalState; mission: MissionState },
  mint: Mint,
): string {
  const specification = readDocument(control, mission.specification.digest, specificationSchema);
  const words = html`<label for="words">Why not (may be empty)</label><textarea id="words" name="words" maxlength="${textLengthMax}"></textarea><button class="reject">Reject</button>`;
  const approve = html`<button class="approve">Approve: begin the work</button>`;
  return page(`Begin? ${mission.title}`, [
    html`<p>A mission for <strong>${mission.repository}</strong> waits for your approval.</p><h1>${mission.title}</h1>`,
    expiry(approval),
    specificationSection(specification),
    html`<section><h2>What will happen</h2><ul><li>Approve: a coder begins. Whether its change lands is decided later.</li><li>Reject: nothing is done.</li></ul></section>
<p><small>Specification <code>${mission.specification.digest}</code></small></p>`,
    secondPerson(control),
    decisions([button(mint({ action: "approve" }), approve), button(mint({ action: "reject" }), words)]),
  ]);
}

/** No approval stands beside a question: whoever asks can't lead the thumb to another button (THREATS T23). */
function questionPage(
  control: Control,
  { approval, mission, subject }: { approval: ApprovalState; mission: MissionState; subject: Subject<"question"> },
  mint: Mint,
): string {
  const isCoders = subject.task_id !== null;
  const question = isCoders
    ? coderQuestion(taskOf(control, subject.task_id ?? ""))
    : mission.clarity.questions.find(({ id }) => id === subject.question_id);
  if (question == null) throw new Fault("NO-QUESTION", `the question ${subject.question_id} is not open`);
  const asks = isCoders
    ? html`<h2>The coder asks, in its own words</h2><blockquote><p class="said">${question.text}</p></blockquote><p>These are the coder's words and not aedev's. Your answer is told to the next run; it approves nothing and changes nothing of what was agreed.</p>`
    : html`<h2>Before work begins</h2><p class="said">${question.text}</p>`;
  return page(`Question: ${mission.title}`, [
    html`<p>A question about a mission for <strong>${mission.repository}</strong>.</p><h1>${mission.title}</h1>`,
    expiry(approval),
    asks,
    decisions([...choices(question, mint), ownAnswer(question, mint)]),
  ]);
}

function choices({ choices: list, default: usual }: QuestionDocument, mint: Mint): Markup[] {
  return list.map((choice, index) =>
    button(
      mint({ action: "answer", choice: index }),
      html`<button>${choice}${choice === usual ? " (default)" : ""}</button>`,
    ),
  );
}

function ownAnswer({ choices: list, default: usual }: QuestionDocument, mint: Mint): Markup {
  const token = mint({ action: "answer" });
  const takesDefault = list.includes(usual)
    ? html``
    : button(token, html`<input type="hidden" name="answer" value="${usual}"><button>${usual} (default)</button>`);
  const own = html`<label for="answer">Another answer</label><textarea id="answer" name="answer" maxlength="${textLengthMax}" required></textarea><button>Answer</button>`;
  return html`${takesDefault}${button(token, own)}`;
}

function button(token: string | null, content: Markup): Markup {
  return token === null ? html`` : tokenForm(token, content);
}

/** A token is the operator's word, who is the author too: no tap gets around that rule. */
function secondPerson(control: Control): Markup {
  if (!control.policy().approvals.require_second_person) return html``;
  return html`<p><strong>approvals.require_second_person is on: an approval from here will be refused.</strong></p>`;
}

function decisions(forms: readonly Markup[]): Markup {
  return html`<section><h2>Decide</h2>${forms}</section>`;
}

function expiry({ expires_at }: ApprovalState): Markup {
  return html`<p><small>Valid until <time datetime="${expires_at}">${expires_at.slice(0, 16).replace("T", " ")} UTC</time>, for one decision.</small></p>`;
}

function taskOf(control: Control, taskId: string): TaskState {
  const task = entityById(control.log.state.tasks, taskId);
  if (task === undefined) throw new Fault("NO-TASK", `there is no task ${taskId}`);
  return task;
}
