/** All that needs a person, most important first, with the decision on the card. Everything can be done by keys. */
import type { InboxDocument, InboxItem } from "@aedev/contracts/api";
import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { useLocation } from "preact-iso";
import { CallError, call } from "../api/client.ts";
import { isDown, missions } from "../api/live.ts";
import { actionState } from "../parts/action.ts";
import { Command } from "../parts/command.tsx";
import { approve, DecisionBar, type DecisionState, decisionState, type Subject } from "../parts/decide.tsx";
import { useKeys } from "../parts/keys.ts";
import { Questions } from "../parts/questions.tsx";
import { StatusChip } from "../parts/status-chip.tsx";
import { TellTold } from "../parts/told.tsx";
import { age, visible } from "../text/format.ts";
import { texts } from "../text/text.ts";

export function InboxPage() {
  const t = texts.value;
  const { route } = useLocation();
  const inbox = useInbox();
  const states = useRef(new Map<string, DecisionState>());
  const chosen = useSignal<ReadonlySet<string>>(new Set());
  const currentId = useSignal("");
  const lastAt = useRef(0);
  const items = inbox?.items ?? [];
  // A card that a person did not choose never becomes the current one: a key would decide about what nobody looked at.
  // It is looked up when a key is pressed: the next key may come before the page is drawn again.
  const currentAt = () => items.findIndex((item) => idOf(item) === currentId.value);
  const at = currentAt();
  if (at >= 0) lastAt.current = at;
  const stateOf = (item: InboxItem) => {
    const state = states.current.get(idOf(item)) ?? decisionState();
    states.current.set(idOf(item), state);
    return state;
  };
  const move = (step: number) => () => {
    const from = currentAt();
    const next = items[Math.min(items.length - 1, Math.max(0, from < 0 ? lastAt.current : from + step))];
    if (next === undefined) return;
    currentId.value = idOf(next);
    document.getElementById(idOf(next))?.scrollIntoView({ block: "nearest" });
  };
  const onCurrent = (act: (item: InboxItem) => void) => () => {
    const item = items[currentAt()];
    if (item !== undefined) act(item);
  };
  const open = (what: "change" | "reject") =>
    onCurrent((item) => {
      stateOf(item).open.value = what;
    });
  useKeys({
    j: move(1),
    k: move(-1),
    o: onCurrent(({ mission }) => route(`/missions/${mission.mission_id}`)),
    a: onCurrent((item) => {
      const subject = subjectOf(item);
      if (subject !== null) approve(subject, stateOf(item));
    }),
    c: open("change"),
    r: open("reject"),
    x: onCurrent((item) => {
      if (item.is_clear) choose(idOf(item));
    }),
  });
  const choose = (id: string) => {
    const next = new Set(chosen.value);
    if (!next.delete(id)) next.add(id);
    chosen.value = next;
  };
  if (inbox === null) return <p role="status">{t.loading}</p>;
  return (
    <>
      <h1>{t.inbox}</h1>
      {items.length === 0 ? <p class="soft">{t.nothingWaits}</p> : <p class="soft keys">{t.keys}</p>}
      <BulkBar
        items={items}
        chosen={chosen.value}
        forget={() => (chosen.value = new Set())}
        choose={(ids) => (chosen.value = ids)}
      />
      <div class="rows">
        {items.map((item, index) => (
          <Card
            item={item}
            state={stateOf(item)}
            isCurrent={index === at}
            isChosen={chosen.value.has(idOf(item))}
            choose={() => choose(idOf(item))}
            makeCurrent={() => (currentId.value = idOf(item))}
            key={idOf(item)}
          />
        ))}
      </div>
      {inbox.omitted > 0 && <p class="soft">{t.inboxMore(inbox.omitted)}</p>}
    </>
  );
}

/** The list, read again with every message that names a mission. A card that is gone stays until the next list comes. */
function useInbox(): InboxDocument | null {
  const inbox = useSignal<InboxDocument | null>(null);
  const known = missions.value;
  useEffect(() => {
    let isCurrent = true;
    call("showInbox", {}).then(
      (answer) => {
        if (isCurrent) inbox.value = answer;
      },
      (error: unknown) => {
        if (!(error instanceof CallError)) throw error;
      },
    );
    return () => {
      isCurrent = false;
    };
    // Read again when the daemon is back.
  }, [known, isDown.value]);
  return inbox.value;
}

function idOf({ mission, task_id, digest }: InboxItem): string {
  return `${task_id ?? mission.mission_id}-${digest ?? ""}`;
}

/** Null: the item is answered, or opened first because its card does not show what it asks for. */
function subjectOf({ kind, mission, task_id, digest }: InboxItem): Subject | null {
  return kind === "question" || kind === "specification"
    ? null
    : { kind, mission_id: mission.mission_id, task_id, digest };
}

interface BulkProperties {
  readonly items: readonly InboxItem[];
  readonly chosen: ReadonlySet<string>;
  readonly choose: (ids: ReadonlySet<string>) => void;
  readonly forget: () => void;
}

/** Approves the chosen items, each by its own command. */
function BulkBar({ items, chosen, choose, forget }: BulkProperties) {
  const t = texts.value;
  const action = useMemo(actionState, []);
  const clear = items.filter(({ is_clear }) => is_clear);
  const picked = clear.filter((item) => chosen.has(idOf(item)));
  const approveAll = () =>
    action.run(async () => {
      for (const { task_id, digest } of picked)
        await call("approveTask", { params: { id: task_id ?? "" }, body: { digest } });
      forget();
    }, t.done);
  return (
    <>
      {clear.length > 1 && (
        <div class="row">
          <button type="button" onClick={() => choose(new Set(clear.map(idOf)))}>
            {t.chooseClear(clear.length)}
          </button>
          <button
            class="main"
            type="button"
            disabled={picked.length === 0 || action.isBusy.value}
            onClick={() => void approveAll()}
          >
            {t.approveChosen(picked.length)}
          </button>
        </div>
      )}
      <TellTold told={action.told} />
    </>
  );
}

interface CardProperties {
  readonly item: InboxItem;
  readonly state: DecisionState;
  readonly isCurrent: boolean;
  readonly isChosen: boolean;
  readonly choose: () => void;
  readonly makeCurrent: () => void;
}

function Card({ item, state, isCurrent, isChosen, choose, makeCurrent }: CardProperties) {
  const t = texts.value;
  const { mission, kind, hold, is_clear } = item;
  const subject = subjectOf(item);
  return (
    <article class="card" id={idOf(item)} data-current={isCurrent || undefined} onFocusIn={makeCurrent}>
      <div class="row">
        {is_clear && (
          <label class="choice">
            <input type="checkbox" checked={isChosen} onChange={choose} />
            <span class="hidden">{t.choose(visible(mission.title))}</span>
          </label>
        )}
        <a class="title" href={`/missions/${mission.mission_id}`}>
          {visible(mission.title)}
        </a>
      </div>
      <div class="row">
        <StatusChip status={mission.status} />
        <small>
          {mission.repository} · {age(mission.changed_at)}
        </small>
      </div>
      {kind === "landing" && <Change item={item} />}
      {kind === "specification" && (
        <p>
          {t.decideSpecification} {t.openFirst}
        </p>
      )}
      {hold !== null && (
        <>
          <p>
            <code>{hold.code}</code> {visible(hold.detail ?? "")}
          </p>
          <span class="soft">{t.help}</span>
          <Command text={hold.help} />
        </>
      )}
      {kind === "question" && <Questions mission={mission} action={state.action} />}
      <TellTold told={state.action.told} />
      {subject !== null && <DecisionBar subject={subject} state={state} />}
    </article>
  );
}

/** What a decision about a change needs. */
function Change({ item: { lands, reasons, risk, judges_passed, judges_asked } }: { item: InboxItem }) {
  const t = texts.value;
  return (
    <>
      <p>{t.decideLanding(lands ?? "")}</p>
      <p class="soft">{visible(reasons[0] ?? t.whyPolicy)}</p>
      <small>
        {t.risk}: {risk ?? t.riskUnknown} · {t.judges}:{" "}
        {judges_asked === 0 ? t.judgesNone : t.judgesLine(judges_passed, judges_asked)}
      </small>
    </>
  );
}
