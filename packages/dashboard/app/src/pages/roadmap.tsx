/** Phases and requirements of a repository, the missions that name them, and what has landed. */
import type { RoadmapDocument } from "@aedev/contracts/api";
import { useLocation, useRoute } from "preact-iso";
import { Loaded } from "../parts/loaded.tsx";
import { useDocument } from "../parts/read-document.ts";
import { StatusChip } from "../parts/status-chip.tsx";
import { visible } from "../text/format.ts";
import { texts } from "../text/text.ts";

/** The repository in the address, or the first one. */
export function RoadmapPage() {
  const t = texts.value.roadmap;
  const { route } = useLocation();
  const given = useRoute().params["name"];
  const { document, error } = useDocument("listRepositories", {});
  const name = given ?? document?.repositories[0]?.name;
  return (
    <>
      <h1>{t.title}</h1>
      <Loaded document={document} error={error}>
        {({ repositories }) =>
          repositories.length === 0 ? (
            <>
              <p class="soft">{texts.value.noRepositories}</p>
              <code class="command">{texts.value.noRepositoriesHelp}</code>
            </>
          ) : (
            <label>
              {texts.value.repository}
              <select value={name} onChange={({ currentTarget }) => route(`/roadmap/${currentTarget.value}`)}>
                {repositories.map((one) => (
                  <option value={one.name} key={one.name}>
                    {one.name}
                  </option>
                ))}
              </select>
            </label>
          )
        }
      </Loaded>
      {name !== undefined && <RoadmapOf name={name} />}
    </>
  );
}

function RoadmapOf({ name }: { name: string }) {
  const t = texts.value.roadmap;
  const { document, error } = useDocument("showRoadmap", { params: { name } });
  return (
    <Loaded document={document} error={error}>
      {({ commit, missing, phases, more }) => (
        <>
          {missing !== null && <p class="soft">{t.missing[missing]}</p>}
          {missing !== null && missing !== "not-fetched" && missing !== "too-large" && (
            <pre class="command">{t.form}</pre>
          )}
          {commit !== null && <small>{t.readFrom(commit.slice(0, 12))}</small>}
          {phases.map((phase, at) => (
            <Phase phase={phase} key={at} />
          ))}
          {more > 0 && <p class="soft">{t.more(more)}</p>}
        </>
      )}
    </Loaded>
  );
}

function Phase({ phase: { title, requirements } }: { phase: RoadmapDocument["phases"][number] }) {
  const t = texts.value.roadmap;
  const done = requirements.filter(({ has_landed }) => has_landed).length;
  const name = title === "" ? t.untitled : visible(title);
  return (
    <section class="rows">
      <div class="row">
        <h2>{name}</h2>
        <progress value={done} max={requirements.length} aria-label={name} />
        <small>{t.landed(done, requirements.length)}</small>
      </div>
      <ul class="rows">
        {requirements.map(({ id, text, is_ticked, has_landed, missions }) => (
          <li class="card" key={id}>
            <div class="row">
              <code>{visible(id)}</code>
              {has_landed && <span class="chip good">{t.hasLanded}</span>}
              {is_ticked && <span class="chip">{t.ticked}</span>}
            </div>
            <p class="whole">{visible(text)}</p>
            {missions.length === 0 && <small>{t.noMission}</small>}
            {missions.map((mission) => (
              <div class="row" key={mission.mission_id}>
                <a href={`/missions/${mission.mission_id}`}>{visible(mission.title)}</a>
                <StatusChip status={mission.status} />
              </div>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}
