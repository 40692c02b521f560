/** Who works now, and what waits for a person. */
import { missionList, missions, status } from "../api/live.ts";
import { MissionCard } from "../parts/mission-card.tsx";
import { PauseButtons } from "../parts/pause-buttons.tsx";
import { useActivity, WorkingRun } from "../parts/working.tsx";
import { visible } from "../text/format.ts";
import { texts } from "../text/text.ts";

const rowsMax = 30;

export function NowPage() {
  const { now: title, running, nothingRuns, waiting, nothingWaits, heldCount } = texts.value;
  const held = status.value?.holds.length ?? 0;
  // A plan works in its parts.
  const atWork = missionList.value.filter(
    ({ status: now, plan }) => plan === undefined && (now === "running" || now === "judging"),
  );
  const runs = useActivity(atWork.length > 0)?.runs ?? [];
  const waits = [...new Map(status.value?.waiting.map((one) => [one.mission_id, one])).values()].slice(0, rowsMax);
  return (
    <>
      <h1>{title}</h1>
      <PauseButtons />
      <section class="rows">
        <h2>{running}</h2>
        {atWork.length === 0 && <p class="soft">{nothingRuns}</p>}
        {runs.map((run) => (
          <WorkingRun run={run} key={run.run_id} />
        ))}
        {atWork
          .filter(({ mission_id }) => !runs.some((run) => run.mission_id === mission_id))
          .slice(0, rowsMax)
          .map((mission) => (
            <MissionCard mission={mission} key={mission.mission_id} />
          ))}
      </section>
      <section class="rows">
        <h2>{waiting}</h2>
        {waits.length === 0 && <p class="soft">{nothingWaits}</p>}
        {held > 0 && (
          <p>
            <a href="/triage">{heldCount(held)}</a>
          </p>
        )}
        {waits.map(({ mission_id, title }) => {
          const mission = missions.value.get(mission_id);
          // Of very many missions only the newest are loaded.
          return mission === undefined ? (
            <article class="card" key={mission_id}>
              <a class="title" href={`/missions/${mission_id}`}>
                {visible(title)}
              </a>
            </article>
          ) : (
            <MissionCard mission={mission} key={mission_id} />
          );
        })}
      </section>
    </>
  );
}
