/** Missions by lane. The lane follows from the mission's status, which the daemon derives from the log. */
import type { MissionDocument } from "@aedev/contracts/api";
import { useSignal } from "@preact/signals";
import { missionList } from "../api/live.ts";
import { MissionCard } from "../parts/mission-card.tsx";
import { texts } from "../text/text.ts";

const laneOf = {
  clarifying: "questions",
  awaiting_approval: "needs",
  approved: "ready",
  running: "running",
  judging: "checking",
  asked: "needs",
  held: "held",
  landed: "landed",
  failed: "ended",
  cancelled: "ended",
  rejected: "ended",
} as const satisfies Record<MissionDocument["status"], string>;
const lanes = ["questions", "needs", "ready", "running", "checking", "held", "landed", "ended"] as const;

export function BoardPage() {
  const { board, search, searchHint, laneEmpty, noMissions, lanes: names } = texts.value;
  const sought = useSignal("");
  const words = sought.value.toLowerCase().split(/\s+/u);
  const found = missionList.value.filter(({ title, repository }) => {
    const text = `${title} ${repository}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const byLane = Map.groupBy(found, ({ status }) => laneOf[status]);
  return (
    <>
      <h1>{board}</h1>
      <label>
        {search}
        <input
          type="search"
          placeholder={searchHint}
          value={sought.value}
          onInput={({ currentTarget }) => {
            sought.value = currentTarget.value;
          }}
        />
      </label>
      {missionList.value.length === 0 && <p class="soft">{noMissions}</p>}
      <div class="lanes">
        {lanes.map((lane) => {
          const cards = byLane.get(lane) ?? [];
          const className = cards.length === 0 ? "lane empty" : "lane";
          return (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a person without a mouse scrolls it by keys.
            <section class={className} key={lane} aria-label={names[lane]} tabIndex={0}>
              <h2>
                {names[lane]} <small>{cards.length}</small>
              </h2>
              {cards.length === 0 && <p class="soft">{laneEmpty}</p>}
              {cards.map((mission) => (
                <MissionCard mission={mission} key={mission.mission_id} />
              ))}
            </section>
          );
        })}
      </div>
    </>
  );
}
