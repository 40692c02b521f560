/** Everything about one mission, with the decision first. */
import type { ChangeToDecide, DecisionPage as Decision, QuestionDocument } from "@aedev/contracts/api";
import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { CallError, call } from "../api/client.ts";
import { missions } from "../api/live.ts";
import { type ActionState, actionState } from "../parts/action.ts";
import { Patch } from "../parts/patch.tsx";
import { StatusChip } from "../parts/status-chip.tsx";
import { TellTold } from "../parts/told.tsx";
import { localTime, shortNumber, visible } from "../text/format.ts";
import { texts } from "../text/text.ts";

export function DecisionPage({ id }: { id: string }) {
  const page = useSignal<Decision | null>(null);
  const problem = useSignal<string | null>(null);
  const action = useMemo(actionState, [id]);
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
  }, [id, known]);
  if (page.value === null) return <p role="status">{problem.value ?? texts.value.loading}</p>;
  return <Loaded page={page.value} action={action} />;
}

/** The files of a change are sent once. */
function withFiles(answer: Decision, known: ChangeToDecide | null): Decision {
  const { change } = answer;
  return change === null || known === null
    ? answer
    : { ...answer, change: { ...change, files: change.files ?? known.files } };
}

function Loaded({ page, action }: { page: Decision; action: ActionState }) {
  const { mission, task, change, specification } = page;
  return (
    <>
      <div class="row">
        <StatusChip status={mission.status} />
        <small>
          {mission.repository} · <span class="mono">{mission.mission_id}</span>
        </small>
      </div>
      <h1>{visible(mission.title)}</h1>
      <Summary page={page} />
      <TellTold told={action.told} />
      <Questions page={page} action={action} />
      <Buttons page={page} action={action} />
      <div class={change === null ? "rows" : "columns"}>
        {change !== null && (
          <div>
            {task !== null && <Patch taskId={task.task_id} change={{ ...change, files: change.files ?? [] }} />}
            {change.notes.length > 0 && <Bullets title={texts.value.notes} lines={change.notes} />}
          </div>
        )}
        <div>
          <Bullets title={texts.value.criteria} lines={specification.criteria.map(({ text }) => text)} />
          {change !== null && <Evidence change={change} />}
          <section class="card">
            <h2>{texts.value.request}</h2>
            <p class="whole">{visible(specification.text)}</p>
          </section>
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

/** What is asked, why, and the facts that a decision needs, in one screen. */
function Summary({ page: { mission, change, task } }: { page: Decision }) {
  const t = texts.value;
  const used = mission.tasks.reduce((sum, { usage }) => sum + usage.input_tokens + usage.output_tokens, 0);
  const asked =
    mission.status === "asked" && change !== null
      ? t.decideLanding(change.lands)
      : mission.status === "awaiting_approval"
        ? t.decideSpecification
        : null;
  const passed = change?.verdicts.filter(({ verdict }) => verdict === "pass").length ?? 0;
  return (
    <section class="card">
      {asked !== null && <h2>{asked}</h2>}
      {mission.status === "asked" && <p>{visible(change?.reasons[0] ?? t.whyPolicy)}</p>}
      {task?.hold != null && (
        <>
          <p>
            <code>{task.hold.code}</code> {visible(task.hold.detail ?? "")}
          </p>
          <span class="soft">{t.help}</span>
          <code class="command">{task.hold.help}</code>
        </>
      )}
      {mission.status === "landed" && change?.take_in != null && (
        <>
          <span class="soft">{t.takeIn}</span>
          <code class="command">{change.take_in}</code>
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
        <div>
          <dt>{t.cost}</dt>
          <dd>{t.tokens(shortNumber(used))}</dd>
        </div>
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
      {change.tests !== null && (
        <Bullets
          title={t.tests}
          lines={[t.testsLine(change.tests.fail_to_pass.length, change.tests.pass_to_pass), ...change.tests.problems]}
        />
      )}
      {change.proofs.length > 0 && <Bullets title={t.proofs} lines={change.proofs} />}
      {change.verdicts.length > 0 && (
        <Bullets
          title={t.judges}
          lines={change.verdicts.map(
            ({ family, model, verdict, detail }) =>
              `${family} (${model}): ${verdict}${detail === null ? "" : `, ${detail}`}`,
          )}
        />
      )}
      <p class="soft">
        {t.digest} <code>{change.digest.slice(0, 16)}</code>
      </p>
    </>
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

function Questions({ page, action }: { page: Decision; action: ActionState }) {
  const answers = useSignal<Readonly<Record<string, string>>>({});
  const { questions, mission_id } = page.mission;
  if (questions.length === 0) return null;
  const send = (event: Event) => {
    event.preventDefault();
    const given = questions.map(({ id, default: usual }) => ({ id, text: answers.value[id] ?? usual }));
    const body = { answers: given.filter(({ text }) => text.trim() !== "") };
    void action.run(() => call("answerMission", { params: { id: mission_id }, body }), texts.value.done);
  };
  return (
    <form class="card" onSubmit={send}>
      {questions.map((question) => (
        <Question
          question={question}
          value={answers.value[question.id] ?? question.default}
          onChange={(text) => {
            answers.value = { ...answers.value, [question.id]: text };
          }}
          key={question.id}
        />
      ))}
      <div class="row">
        <button class="main" type="submit" disabled={action.isBusy.value}>
          {texts.value.answer}
        </button>
      </div>
    </form>
  );
}

function Question({
  question: { text, choices },
  value,
  onChange,
}: {
  question: QuestionDocument;
  value: string;
  onChange: (text: string) => void;
}) {
  return (
    <label>
      {visible(text)}
      <textarea value={value} onInput={({ currentTarget }) => onChange(currentTarget.value)} />
      <span class="row">
        {choices.map((choice) => (
          <button type="button" key={choice} onClick={() => onChange(choice)}>
            {visible(choice)}
          </button>
        ))}
      </span>
    </label>
  );
}

/** The commands that the mission's status allows. */
function Buttons({ page, action }: { page: Decision; action: ActionState }) {
  const t = texts.value;
  const { mission, task, change } = page;
  const isWriting = useSignal(location.hash === "#c");
  const words = useSignal("");
  const { status, mission_id, spec_digest } = mission;
  const isChange = status === "asked" && task !== null && change !== null;
  const isSpecification = status === "awaiting_approval";
  const run = (send: () => Promise<unknown>) => void action.run(send, t.done);
  const ofTask = { params: { id: task?.task_id ?? "" } };
  const ofMission = { params: { id: mission_id } };
  const approve = () =>
    run(() =>
      isChange
        ? call("approveTask", { ...ofTask, body: { digest: change.digest } })
        : call("approveMission", { ...ofMission, body: { digest: spec_digest } }),
    );
  const reject = () =>
    run(() =>
      isChange ? call("rejectTask", { ...ofTask, body: {} }) : call("rejectMission", { ...ofMission, body: {} }),
    );
  const sendBack = (event: Event) => {
    event.preventDefault();
    const body = { reason: words.value };
    isWriting.value = false;
    run(() =>
      isChange
        ? call("sendBackTask", { ...ofTask, body: { ...body, digest: change.digest } })
        : call("sendBackMission", { ...ofMission, body }),
    );
  };
  if (isChange || isSpecification)
    return (
      <div class="bar">
        <button class="main" type="button" disabled={action.isBusy.value} onClick={approve}>
          {t.approve}
        </button>
        <button
          type="button"
          disabled={action.isBusy.value}
          aria-expanded={isWriting.value}
          onClick={() => {
            isWriting.value = !isWriting.value;
          }}
        >
          {t.change}
        </button>
        <button class="bad" type="button" disabled={action.isBusy.value} onClick={reject}>
          {t.reject}
        </button>
        {isWriting.value && (
          <form onSubmit={sendBack}>
            <label>
              {t.sendBackHint}
              <textarea
                value={words.value}
                required
                onInput={({ currentTarget }) => {
                  words.value = currentTarget.value;
                }}
              />
            </label>
            <button type="submit">{t.send}</button>
          </form>
        )}
      </div>
    );
  if (status === "held" && task !== null)
    return (
      <div class="bar">
        <button
          type="button"
          disabled={action.isBusy.value}
          onClick={() => run(() => call("retryTask", { ...ofTask, body: {} }))}
        >
          {t.retry}
        </button>
        <button
          class="bad"
          type="button"
          disabled={action.isBusy.value}
          onClick={() => run(() => call("cancelTask", { ...ofTask, body: {} }))}
        >
          {t.cancel}
        </button>
      </div>
    );
  return null;
}
