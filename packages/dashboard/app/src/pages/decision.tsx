/** Everything about one mission, with the decision first. */
import type { ChangeToDecide, DecisionPage as Decision } from "@aedev/contracts/api";
import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { CallError, call } from "../api/client.ts";
import { isDown, missions } from "../api/live.ts";
import { actionState } from "../parts/action.ts";
import { Command } from "../parts/command.tsx";
import { approve, DecisionBar, type DecisionState, decisionState, type Subject } from "../parts/decide.tsx";
import { EvidenceButton } from "../parts/evidence-button.tsx";
import { Fact } from "../parts/fact.tsx";
import { useKeys } from "../parts/keys.ts";
import { type Comments, commentsOf } from "../parts/line-comments.tsx";
import { isWithPlan } from "../parts/move-card.ts";
import { Patch } from "../parts/patch.tsx";
import { PartOf, PlanTree, repositoriesOf } from "../parts/plan-tree.tsx";
import { Questions } from "../parts/questions.tsx";
import { StatusChip } from "../parts/status-chip.tsx";
import { TicketFields } from "../parts/ticket-fields.tsx";
import { TellTold } from "../parts/told.tsx";
import { useActivity, WorkingRun } from "../parts/working.tsx";
import { localTime, shortNumber, visible } from "../text/format.ts";
import { texts } from "../text/text.ts";

export function DecisionPage({ id }: { id: string }) {
  const page = useSignal<Decision | null>(null);
  const problem = useSignal<string | null>(null);
  const state = useMemo(decisionState, [id]);
  const comments = useMemo(() => commentsOf(state.words), [id]);
  // A message of the daemon that names the mission makes this read it again.
  const known = missions.value.get(id);
  useEffect(() => {
    let isCurrent = true;
    const { change = null } = page.value ?? {};
    const query = change === null ? {} : { known: change.digest };
    call("showDecision", { params: { id }, query }).then(
      (answer) => {
        if (isCurrent) page.value = withFiles(answer, change);
      },
      (error: unknown) => {
        if (!(error instanceof CallError)) throw error;
        problem.value = error.message;
      },
    );
    return () => {
      isCurrent = false;
    };
    // Read again when the daemon is back.
  }, [id, known, isDown.value]);
  if (page.value === null) return <p role="status">{problem.value ?? texts.value.loading}</p>;
  return <Loaded page={page.value} state={state} comments={comments} />;
}

/** The files of a change are sent once. */
function withFiles(answer: Decision, known: ChangeToDecide | null): Decision {
  const { change } = answer;
  return change === null || known === null
    ? answer
    : { ...answer, change: { ...change, files: change.files ?? known.files } };
}

interface LoadedProperties {
  readonly page: Decision;
  readonly state: DecisionState;
  readonly comments: Comments;
}

function Loaded({ page, state, comments }: LoadedProperties) {
  const { mission, task, change, specification } = page;
  const offered = subjectOf(page);
  const isAtWork = mission.status === "running" || mission.status === "judging";
  const runs = (useActivity(isAtWork)?.runs ?? []).filter((run) => run.mission_id === mission.mission_id);
  // A message may bring another change or specification under the person's hands: they see it before they decide about it.
  const seen = useSignal(offered?.digest ?? null);
  useEffect(() => {
    seen.value ??= offered?.digest ?? null;
  }, [offered?.digest]);
  const isNew = offered !== null && seen.value !== null && offered.digest !== null && offered.digest !== seen.value;
  const subject = isNew ? null : offered;
  useEffect(() => {
    if (location.hash === "#c") state.open.value = "change";
  }, [state]);
  useKeys(
    subject === null
      ? {}
      : {
          a: () => approve(subject, state),
          c: () => {
            if (subject.kind !== "plan") state.open.value = "change";
          },
          r: () => {
            state.open.value = "reject";
          },
        },
  );
  return (
    <>
      <div class="row">
        <StatusChip status={mission.status} />
        <small>
          {repositoriesOf(mission).join(", ")} · <span class="mono">{mission.mission_id}</span>
        </small>
        <PartOf mission={mission} />
      </div>
      <h1>{visible(mission.title)}</h1>
      <Summary page={page} />
      <TellTold told={state.action.told} />
      {isNew && (
        <div class="notice bad" role="status">
          {texts.value.isNew}{" "}
          <button type="button" onClick={() => (seen.value = offered.digest)}>
            {texts.value.showNew}
          </button>
        </div>
      )}
      {mission.plan === undefined && mission.questions.length > 0 && (
        <section class="card">
          <Questions mission={mission} action={state.action} />
        </section>
      )}
      {mission.plan !== undefined && (
        <PlanTree
          plan={mission.plan}
          specifications={page.parts}
          isUndecided={mission.status === "clarifying" || mission.status === "awaiting_approval"}
        />
      )}
      {runs.map((run) => (
        <WorkingRun run={run} key={run.run_id} />
      ))}
      {subject !== null && <DecisionBar subject={subject} state={state} comments={comments.list.value.length} />}
      <div class={change === null ? "columns single" : "columns"}>
        {change !== null && (
          <div>
            {task !== null && (
              <Patch taskId={task.task_id} change={{ ...change, files: change.files ?? [] }} comments={comments} />
            )}
            {change.notes.length > 0 && <Bullets title={texts.value.notes} lines={change.notes} />}
          </div>
        )}
        <div>
          {mission.plan === undefined && (
            <Criteria criteria={specification.criteria} verdicts={change?.verdicts ?? []} />
          )}
          {change !== null && <Evidence change={change} />}
          {change !== null && task !== null && <Records taskId={task.task_id} change={change} />}
          <TicketFields mission={mission} />
          <section class="card">
            <h2>{texts.value.request}</h2>
            <p class="whole">{visible(specification.text)}</p>
          </section>
          <Pairs
            title={texts.value.answered}
            pairs={(specification.clarifications ?? []).map(({ question, answer }) => [question, answer])}
          />
          {(specification.instructions ?? []).length > 0 && (
            <Bullets title={texts.value.instructions} lines={specification.instructions ?? []} />
          )}
          {task?.decisions !== undefined && (
            <Bullets
              title={texts.value.timeline}
              lines={task.decisions.map(({ at, by, what }) => `${localTime(at)} ${by}: ${what}`)}
            />
          )}
        </div>
      </div>
    </>
  );
}

/** What the person can decide now; null: nothing. */
function subjectOf({ mission, task, change }: Decision): Subject | null {
  const { mission_id, spec_digest, status } = mission;
  const about = { mission_id, task_id: task?.task_id ?? null };
  if (status === "asked" && change !== null) return { kind: "landing", ...about, digest: change.digest };
  if (status === "awaiting_approval") {
    if (isWithPlan(mission)) return null;
    return { kind: mission.plan === undefined ? "specification" : "plan", ...about, digest: spec_digest };
  }
  return status === "held" && task !== null ? { kind: "hold", ...about, digest: null } : null;
}

/** What is asked, why, and the facts that a decision needs, in one screen. */
function Summary({ page: { mission, change, task } }: { page: Decision }) {
  const t = texts.value;
  const used = mission.tasks.reduce((sum, { usage }) => sum + usage.input_tokens + usage.output_tokens, 0);
  const asked =
    mission.status === "asked" && change !== null
      ? t.decideLanding(change.lands)
      : mission.status === "awaiting_approval" && !isWithPlan(mission)
        ? t.decideSpecification
        : null;
  const passed = change?.verdicts.filter(({ verdict }) => verdict === "pass").length ?? 0;
  const isEmpty = asked === null && !isWithPlan(mission) && change === null && task?.hold == null && used === 0;
  if (isEmpty) return null;
  return (
    <section class="card">
      {asked !== null && <h2>{asked}</h2>}
      {isWithPlan(mission) && (
        <>
          <h2>
            <a href={`/missions/${mission.part_of}`}>{t.plan.decidedWith}</a>
          </h2>
          <span class="soft">{t.plan.changePart}</span>
          <Command text={`aedev mission send-back ${mission.mission_id} --reason TEXT`} />
        </>
      )}
      {mission.status === "asked" && <p>{visible(change?.reasons[0] ?? t.whyPolicy)}</p>}
      {task?.hold != null && (
        <>
          <p>
            <code>{task.hold.code}</code> {visible(task.hold.detail ?? "")}
          </p>
          <span class="soft">{t.help}</span>
          <Command text={task.hold.help} />
        </>
      )}
      {mission.status === "landed" && change?.take_in != null && (
        <>
          <span class="soft">{t.takeIn}</span>
          <Command text={change.take_in} />
        </>
      )}
      <dl class="facts">
        {change !== null && (
          <>
            <div>
              <dt>{t.risk}</dt>
              <dd>{change.risk ?? t.riskUnknown}</dd>
            </div>
            <div>
              <dt>{t.tests}</dt>
              <dd>{change.tests?.status ?? t.testsNone}</dd>
            </div>
            <div>
              <dt>{t.judges}</dt>
              <dd>{change.verdicts.length === 0 ? t.judgesNone : t.judgesLine(passed, change.verdicts.length)}</dd>
            </div>
          </>
        )}
        {used > 0 && (
          <div>
            <dt>{t.cost}</dt>
            <dd>{t.tokens(shortNumber(used))}</dd>
          </div>
        )}
      </dl>
    </section>
  );
}

function Evidence({ change }: { change: ChangeToDecide }) {
  const t = texts.value;
  return (
    <>
      {change.reasons.length > 1 && <Bullets title={t.why} lines={change.reasons} />}
      {change.harm.length > 0 && (
        <Bullets title={t.forHarm} lines={change.harm.map(({ text, why }) => `${text}: ${why}`)} />
      )}
      {change.against.length > 0 && (
        <Bullets title={t.againstHarm} lines={change.against.map(({ text, why }) => `${text}: ${why}`)} />
      )}
      {change.tests !== null && <Tests tests={change.tests} />}
      {change.proofs.length > 0 && <Bullets title={t.proofs} lines={change.proofs} />}
      {change.verdicts.length > 0 && (
        <section class="card">
          <h2>{t.judges}</h2>
          <dl class="facts">
            {change.verdicts.map(({ family, model, verdict, detail }) => (
              <Fact
                key={family}
                name={`${family} (${visible(model)})`}
                value={t.verdicts[verdict]}
                {...(detail === null ? {} : { more: visible(detail) })}
              />
            ))}
          </dl>
        </section>
      )}
      <p class="soft">
        {t.digest} <code>{change.digest.slice(0, 16)}</code>
      </p>
    </>
  );
}

/** Each criterion with what every judge says about it, side by side, and where it saw that. */
function Criteria({
  criteria,
  verdicts,
}: {
  criteria: Decision["specification"]["criteria"];
  verdicts: ChangeToDecide["verdicts"];
}) {
  const t = texts.value;
  return (
    <section class="card">
      <h2>{t.criteria}</h2>
      <ul class="bullets">
        {criteria.map(({ id, text }) => (
          <li key={id}>
            {visible(text)}
            <dl class="facts">
              {verdicts.flatMap(({ family, criteria: judged }) =>
                judged
                  .filter((one) => one.id === id)
                  .map(({ result, cited }) => (
                    <Fact key={family} name={family} value={t.results[result]} more={cited.map(visible).join(", ")} />
                  )),
              )}
            </dl>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What the tests did on the base and on the change. */
function Tests({ tests }: { tests: NonNullable<ChangeToDecide["tests"]> }) {
  const t = texts.value;
  const { fail_to_pass, pass_to_pass, problems } = tests;
  return (
    <section class="card">
      <h2>{t.tests}</h2>
      <ul class="bullets">
        <li>
          {fail_to_pass.length === 0 ? (
            t.testsBroken(0)
          ) : (
            <details>
              <summary>{t.testsBroken(fail_to_pass.length)}</summary>
              <ul class="bullets">
                {fail_to_pass.map((name) => (
                  <li key={name}>{visible(name)}</li>
                ))}
              </ul>
            </details>
          )}
        </li>
        <li>{t.testsPassing(pass_to_pass)}</li>
        {problems.map((problem) => (
          <li key={problem}>{visible(problem)}</li>
        ))}
      </ul>
    </section>
  );
}

/** What a person can take away: the signed evidence, and the command that repeats the run. */
function Records({ taskId, change }: { taskId: string; change: ChangeToDecide }) {
  const t = texts.value;
  const action = useMemo(actionState, []);
  return (
    <section class="card">
      <h2>{t.evidenceTitle}</h2>
      <EvidenceButton taskId={taskId} action={action} />
      <TellTold told={action.told} />
      <span class="soft">{t.replayHelp}</span>
      <Command text={change.replay_command} />
    </section>
  );
}

/** Questions with the answers that became part of the specification. */
function Pairs({ title, pairs }: { title: string; pairs: readonly (readonly [string, string])[] }) {
  if (pairs.length === 0) return null;
  return (
    <section class="card">
      <h2>{title}</h2>
      <dl class="settings">
        {pairs.map(([question, answer], at) => (
          <div key={at}>
            <dt class="soft">{visible(question)}</dt>
            <dd class="whole">{visible(answer)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Bullets({ title, lines }: { title: string; lines: readonly string[] }) {
  return (
    <section class="card">
      <h2>{title}</h2>
      <ul class="bullets">
        {lines.map((line, at) => (
          <li key={at}>{visible(line)}</li>
        ))}
      </ul>
    </section>
  );
}
