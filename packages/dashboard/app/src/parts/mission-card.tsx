/** A mission in a list: its title, status, repository, and what holds it. */
import type { MissionDocument } from "@aedev/contracts/api";
import { age, shortNumber, visible } from "../text/format.ts";
import { texts } from "../text/text.ts";
import { landedText, PartOf, repositoriesOf } from "./plan-tree.tsx";
import { StatusChip } from "./status-chip.tsx";

/** A priority other than the usual one, and the labels. */
function Labels({ mission: { priority, labels } }: { mission: MissionDocument }) {
  if (priority === "normal" && labels.length === 0) return null;
  return (
    <div class="row">
      {priority !== "normal" && (
        <span class={`chip ${priority === "urgent" ? "bad" : ""}`}>{texts.value.priorities[priority]}</span>
      )}
      {labels.map((label) => (
        <span class="chip" key={label}>
          {visible(label)}
        </span>
      ))}
    </div>
  );
}

export function MissionCard({ mission, isCurrent = false }: { mission: MissionDocument; isCurrent?: boolean }) {
  const task = mission.tasks.at(-1);
  const held = mission.tasks.find(({ hold_code }) => hold_code !== null);
  const used = mission.tasks.reduce((sum, { usage }) => sum + usage.input_tokens + usage.output_tokens, 0);
  return (
    <article class="card" data-current={isCurrent || undefined}>
      <a class="title" href={`/missions/${mission.mission_id}`}>
        {visible(mission.title)}
      </a>
      <div class="row">
        <StatusChip status={mission.status} />
        <small>
          {repositoriesOf(mission).join(", ")} · {age(mission.changed_at)}
          {mission.plan !== undefined && ` · ${landedText(mission.plan)}`}
          {used > 0 && ` · ${texts.value.tokens(shortNumber(used))}`}
          {mission.plan === undefined && task !== undefined && task.runs.length > 1 && ` · ×${task.runs.length}`}
        </small>
      </div>
      <PartOf mission={mission} />
      <Labels mission={mission} />
      {held !== undefined && (
        <small>
          <code>{held.hold_code}</code> {visible(held.hold_detail ?? "")}
        </small>
      )}
    </article>
  );
}
