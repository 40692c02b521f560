/** Missions by lane. The lane follows from the mission's status, which the daemon derives from the log. A card is moved with the mouse, by touch or by keys. */
import type { MissionDocument } from "@aedev/contracts/api";
import { type Signal, useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { useLocation } from "preact-iso";
import { call } from "../api/client.ts";
import { missionList } from "../api/live.ts";
import { type ActionState, actionState } from "../parts/action.ts";
import { MissionCard } from "../parts/mission-card.tsx";
import { type Lane, laneOf, lanes, moveTo } from "../parts/move-card.ts";
import { RepositoryFilter } from "../parts/repository-filter.tsx";
import { TellTold } from "../parts/told.tsx";
import { visible } from "../text/format.ts";
import { texts } from "../text/text.ts";

type Place = (mission: MissionDocument, lane: Lane) => void;

export function BoardPage() {
  const { board, noMissions } = texts.value;
  const [sought, repository] = [useSignal(""), useSignal("")];
  const dragged = useSignal<MissionDocument | null>(null);
  const action = useMemo(actionState, []);
  const place = usePlace(action);
  const words = sought.value.toLowerCase().split(/\s+/u);
  const found = missionList.value.filter((mission) => {
    const text = `${mission.title} ${mission.repository} ${mission.origin?.by ?? ""}`.toLowerCase();
    const isOfRepository = repository.value === "" || mission.repository === repository.value;
    return isOfRepository && words.every((word) => text.includes(word));
  });
  const byLane = Map.groupBy(found, laneOf);
  const drop = (lane: Lane) => {
    if (dragged.value !== null) place(dragged.value, lane);
    dragged.value = null;
  };
  return (
    <>
      <h1>{board}</h1>
      <Filters sought={sought} repository={repository} />
      {missionList.value.length === 0 && <p class="soft">{noMissions}</p>}
      <TellTold told={action.told} />
      <div class="lanes">
        {lanes.map((lane) => (
          <LaneOf
            lane={lane}
            cards={byLane.get(lane) ?? []}
            place={place}
            drag={(mission) => {
              dragged.value = mission;
            }}
            drop={() => drop(lane)}
            key={lane}
          />
        ))}
      </div>
    </>
  );
}

/** Sends the command of a move, opens the decision, or says why nothing happens. */
function usePlace(action: ActionState): Place {
  const { route } = useLocation();
  return (mission, lane) => {
    const move = moveTo(mission, lane);
    if (move.kind === "open") route(`/missions/${mission.mission_id}`);
    if (move.kind === "refused") action.told.value = { tone: "bad", text: move.why, hint: null };
    if (move.kind === "retry")
      void action.run(async () => {
        for (const id of move.tasks) await call("retryTask", { params: { id }, body: {} });
      }, texts.value.done);
  };
}

function Filters({ sought, repository }: { sought: Signal<string>; repository: Signal<string> }) {
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
      <RepositoryFilter
        names={[...new Set(missionList.value.map((mission) => mission.repository))].toSorted()}
        chosen={repository}
      />
    </div>
  );
}

interface LaneProperties {
  readonly lane: Lane;
  readonly cards: readonly MissionDocument[];
  readonly place: Place;
  readonly drag: (mission: MissionDocument | null) => void;
  readonly drop: () => void;
}

function LaneOf({ lane, cards, place, drag, drop }: LaneProperties) {
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
        drop();
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
            key={mission.mission_id}
          >
            <MissionCard mission={mission} />
            <MoveMenu mission={mission} place={place} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The same moves without dragging. */
function MoveMenu({ mission, place }: { mission: MissionDocument; place: Place }) {
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
      {isOpen.value &&
        lanes
          .filter((lane) => lane !== laneOf(mission))
          .map((lane) => (
            <button
              type="button"
              key={lane}
              onClick={() => {
                isOpen.value = false;
                place(mission, lane);
              }}
            >
              {t.lanes[lane]}
            </button>
          ))}
    </details>
  );
}
