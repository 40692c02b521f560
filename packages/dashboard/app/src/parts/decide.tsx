/** The buttons of a decision: each is a command of the terminal, by its own route. */
import type { InboxItem } from "@aedev/contracts/api";
import { type Signal, signal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { call } from "../api/client.ts";
import { texts } from "../text/text.ts";
import { type ActionState, actionState } from "./action.ts";
import { SureButton } from "./sure-button.tsx";

/** What is decided about. `plan`: a specification with those of all parts. `digest`: the change or specification that the person sees. */
export interface Subject {
  readonly kind: Exclude<InboxItem["kind"], "question"> | "plan";
  readonly mission_id: string;
  readonly task_id: string | null;
  readonly digest: string | null;
}

/** What a person has begun to write about a subject. */
export interface DecisionState {
  readonly action: ActionState;
  readonly open: Signal<"change" | "reject" | null>;
  readonly words: Signal<string>;
}

export function decisionState(): DecisionState {
  return { action: actionState(), open: signal(null), words: signal("") };
}

interface Commands {
  readonly approve?: () => Promise<unknown>;
  readonly retry?: () => Promise<unknown>;
  /** Absent for a plan, of which only the parts are sent back. */
  readonly sendBack?: (reason: string) => Promise<unknown>;
  /** With a reason, or, for held work, without. */
  readonly reject?: (reason: string) => Promise<unknown>;
  readonly cancel?: () => Promise<unknown>;
}

function commandsOf({ kind, mission_id, task_id, digest }: Subject): Commands {
  const ofMission = { params: { id: mission_id } };
  const ofTask = { params: { id: task_id ?? "" } };
  const reasonOf = (reason: string) => (reason.trim() === "" ? {} : { reason });
  const onSpecification = {
    approve: () => call("approveMission", { ...ofMission, body: { digest } }),
    reject: (reason: string) => call("rejectMission", { ...ofMission, body: reasonOf(reason) }),
  };
  switch (kind) {
    case "plan":
      return onSpecification;
    case "landing":
      return {
        approve: () => call("approveTask", { ...ofTask, body: { digest } }),
        sendBack: (reason) => call("sendBackTask", { ...ofTask, body: { reason, digest } }),
        reject: (reason) => call("rejectTask", { ...ofTask, body: reasonOf(reason) }),
      };
    case "specification":
      return {
        ...onSpecification,
        sendBack: (reason) => call("sendBackMission", { ...ofMission, body: { reason, digest } }),
      };
    case "hold":
      return {
        retry: () => call("retryTask", { ...ofTask, body: {} }),
        sendBack: (reason) => call("sendBackTask", { ...ofTask, body: { reason } }),
        cancel: () => call("cancelTask", { ...ofTask, body: {} }),
      };
  }
}

/** Approves what the subject's digest names; without an approval, nothing happens. */
export function approve(subject: Subject, { action }: DecisionState): void {
  const send = commandsOf(subject).approve;
  if (send !== undefined) void action.run(send, texts.value.done);
}

/** `comments`: how many the words have. */
export function DecisionBar({
  subject,
  state,
  comments = 0,
}: {
  subject: Subject;
  state: DecisionState;
  comments?: number;
}) {
  const t = texts.value;
  const { action, open } = state;
  const { retry, cancel, ...commands } = commandsOf(subject);
  const isBusy = action.isBusy.value;
  const toggle = (what: "change" | "reject") => () => {
    open.value = open.value === what ? null : what;
  };
  const send = (command: () => Promise<unknown>) => () => void action.run(command, t.done);
  return (
    <div class="bar">
      {commands.approve !== undefined && (
        <button class="main" type="button" disabled={isBusy} onClick={send(commands.approve)}>
          {t.approve}
        </button>
      )}
      {retry !== undefined && (
        <button type="button" disabled={isBusy} onClick={send(retry)}>
          {t.retry}
        </button>
      )}
      {commands.sendBack !== undefined && (
        <button type="button" disabled={isBusy} aria-expanded={open.value === "change"} onClick={toggle("change")}>
          {t.change}
          {comments > 0 && ` (${comments})`}
        </button>
      )}
      {commands.reject !== undefined && (
        <button
          class="bad"
          type="button"
          disabled={isBusy}
          aria-expanded={open.value === "reject"}
          onClick={toggle("reject")}
        >
          {t.rejectWhy}
        </button>
      )}
      {cancel !== undefined && (
        <SureButton label={t.cancel} sure={t.cancelSure} keep={t.cancelNot} isBusy={isBusy} run={send(cancel)} />
      )}
      {open.value === "change" && commands.sendBack !== undefined && (
        <Words state={state} label={t.sendBackHint} button={t.send} send={commands.sendBack} />
      )}
      {open.value === "reject" && commands.reject !== undefined && (
        <Words state={state} label={t.rejectHint} button={t.reject} send={commands.reject} isOptional />
      )}
    </div>
  );
}

interface WordsProperties {
  readonly state: DecisionState;
  readonly label: string;
  readonly button: string;
  readonly send: (words: string) => Promise<unknown>;
  readonly isOptional?: boolean;
}

function Words({ state: { action, open, words }, label, button, send, isOptional = false }: WordsProperties) {
  const field = useRef<HTMLTextAreaElement>(null);
  // Before another key is pressed: it would be a command.
  useLayoutEffect(() => field.current?.focus(), []);
  const submit = (event: Event) => {
    event.preventDefault();
    void action.run(async () => {
      await send(words.value);
      words.value = "";
      open.value = null;
    }, texts.value.done);
  };
  return (
    <form onSubmit={submit}>
      <label>
        {label}
        <textarea
          ref={field}
          value={words.value}
          required={!isOptional}
          onInput={({ currentTarget }) => {
            words.value = currentTarget.value;
          }}
          onKeyDown={(event) => {
            if (event.key === "Escape") open.value = null;
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
          }}
        />
      </label>
      <button class="main" type="submit" disabled={action.isBusy.value}>
        {button}
      </button>
    </form>
  );
}
