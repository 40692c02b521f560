/** Missions by lane. The lane follows from the mission's status, which the daemon derives from the log. A card is moved with the mouse, by touch or by keys. */
import type { MissionDocument } from "@aedev/contracts/api";
import { type Signal, useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { useLocation } from "preact-iso";
import { call } from "../api/client.ts";
import { missionList } from "../api/live.ts";
import { type ActionState, actionState } from "../parts/action.ts";
import { MissionCard } from "../parts/mission-card.tsx";
import { isWithPlan, type Lane, laneOf, lanes, moveTo, type Place, readyList } from "../parts/move-card.ts";
import { NameFilter } from "../parts/name-filter.tsx";
import { repositoriesOf } from "../parts/plan-tree.tsx";
import { TellTold } from "../parts/told.tsx";
import { visible } from "../text/format.ts";
import { texts } from "../text/text.ts";

/** Moves a card. */
type Put = (mission: MissionDocument, place: Place) => void;

export function BoardPage() {
  const { board, noMissions, noMatch } = texts.value;
  const [sought, repository, label] = [useSignal(""), useSignal(""), useSignal("")];
  const dragged = useSignal<MissionDocument | null>(null);
  const action = useMemo(actionState, []);
  const put = usePut(action);
  const words = sought.value.toLowerCase().split(/\s+/u);
  const isFound = (mission: MissionDocument) => {
    const repositories = repositoriesOf(mission);
    const text = `${mission.title} ${repositories.join(" ")} ${mission.origin?.by ?? ""}`.toLowerCase();
    const isOfRepository = repository.value === "" || repositories.includes(repository.value);
    const hasLabel = label.value === "" || mission.labels.includes(label.value);
    if (isWithPlan(mission)) return false;
    return isOfRepository && hasLabel && words.every((word) => text.includes(word));
  };
  const byLane = Map.groupBy(missionList.value.filter(isFound), laneOf).set("ready", readyList.value.filter(isFound));
  const drop = (place: Place) => {
    if (dragged.value !== null) put(dragged.value, place);
    dragged.value = null;
  };
  return (
    <>
      <h1>{board}</h1>
      <Filters sought={sought} repository={repository} label={label} />
      {missionList.value.length === 0 && <p class="soft">{noMissions}</p>}
      {missionList.value.length > 0 && !missionList.value.some(isFound) && <p class="soft">{noMatch}</p>}
      <TellTold told={action.told} />
      <div class="lanes">
        {lanes.map((lane) => (
          <LaneOf
            lane={lane}
            cards={byLane.get(lane) ?? []}
            put={put}
            drag={(mission) => {
              dragged.value = mission;
            }}
            drop={drop}
            key={lane}
          />
        ))}
      </div>
    </>
  );
}

/** Sends the command of a move, opens the decision, or says why nothing happens. */
function usePut(action: ActionState): Put {
  const { route } = useLocation();
  return (mission, place) => {
    const move = moveTo(mission, place);
    if (move.kind === "order")
      void action.run(() => call("orderMissions", { body: { missions: [...move.missions] } }), texts.value.done);
    if (move.kind === "open") route(`/missions/${mission.mission_id}`);
    if (move.kind === "refused") action.told.value = { tone: "bad", text: move.why, hint: null };
    if (move.kind === "retry")
      void action.run(async () => {
        for (const id of move.tasks) await call("retryTask", { params: { id }, body: {} });
      }, texts.value.done);
  };
}

interface FilterProperties {
  readonly sought: Signal<string>;
  readonly repository: Signal<string>;
  readonly label: Signal<string>;
}

function Filters({ sought, repository, label }: FilterProperties) {
  const t = texts.value;
  return (
    <div class="row">
      <label>
        {t.search}
        <input
          type="search"
          placeholder={t.searchHint}
          value={sought.value}
          onInput={({ currentTarget }) => {
            sought.value = currentTarget.value;
          }}
        />
      </label>
      <NameFilter label={t.repository} names={namesOf(missionList.value.flatMap(repositoriesOf))} chosen={repository} />
      <NameFilter label={t.label} names={namesOf(missionList.value.flatMap(({ labels }) => labels))} chosen={label} />
    </div>
  );
}

/** Each name once, in order. */
function namesOf(names: readonly string[]): string[] {
  return [...new Set(names)].toSorted();
}

interface LaneProperties {
  readonly lane: Lane;
  readonly cards: readonly MissionDocument[];
  readonly put: Put;
  readonly drag: (mission: MissionDocument | null) => void;
  readonly drop: (place: Place) => void;
}

function LaneOf({ lane, cards, put, drag, drop }: LaneProperties) {
  const { laneEmpty, lanes: names } = texts.value;
  return (
    <section
      class={cards.length === 0 ? "lane empty" : "lane"}
      aria-label={names[lane]}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a person without a mouse scrolls it by keys.
      tabIndex={0}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        drop({ lane, before: null });
      }}
    >
      <h2>
        {names[lane]} <small>{cards.length}</small>
      </h2>
      {cards.length === 0 && <p class="soft">{laneEmpty}</p>}
      <ul>
        {cards.map((mission) => (
          <li
            class="movable"
            draggable
            onDragStart={(event) => {
              event.dataTransfer?.setData("text/plain", mission.mission_id);
              drag(mission);
            }}
            onDragEnd={() => drag(null)}
            onDrop={(event) => {
              event.preventDefault();
              event.stopPropagation();
              drop({ lane, before: mission.mission_id });
            }}
            key={mission.mission_id}
          >
            <MissionCard mission={mission} />
            <MoveMenu mission={mission} put={put} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The same moves without dragging. */
function MoveMenu({ mission, put }: { mission: MissionDocument; put: Put }) {
  const t = texts.value;
  const isOpen = useSignal(false);
  return (
    <details
      class="move"
      open={isOpen.value}
      onToggle={({ currentTarget }) => {
        isOpen.value = currentTarget.open;
      }}
    >
      <summary aria-label={t.moveCard(visible(mission.title))}>{t.move}</summary>
      {isOpen.value && laneOf(mission) === "ready" && (
        <button
          type="button"
          onClick={() => {
            isOpen.value = false;
            put(mission, { lane: "ready", before: readyList.value[0]?.mission_id ?? null });
          }}
        >
          {t.startFirst}
        </button>
      )}
      {isOpen.value &&
        lanes
          .filter((lane) => lane !== laneOf(mission) && moveTo(mission, { lane, before: null }).kind !== "refused")
          .map((lane) => (
            <button
              type="button"
              key={lane}
              onClick={() => {
                isOpen.value = false;
                put(mission, { lane, before: null });
              }}
            >
              {t.lanes[lane]}
            </button>
          ))}
    </details>
  );
}
