/** The parts of a plan, wave by wave, each with its status and what it waits for; and the link from a part to its plan. */
import type { Specification } from "@aedev/contracts";
import type { MissionDocument, PlanDocument } from "@aedev/contracts/api";
import type { ComponentChildren } from "preact";
import { visible } from "../text/format.ts";
import { texts } from "../text/text.ts";
import { Command } from "./command.tsx";
import { StatusChip } from "./status-chip.tsx";

/** Such as `3 of 7 landed`. */
export function landedText({ parts }: PlanDocument): string {
  return texts.value.roadmap.landed(parts.filter(({ status }) => status === "landed").length, parts.length);
}

/** The repositories of a mission: a plan's parts may be in several. */
export function repositoriesOf({ repository, plan }: MissionDocument): string[] {
  return plan === undefined ? [repository] : [...new Set(plan.parts.map((part) => part.repository))];
}

/** `specifications`: what each part asks for, which is approved with the plan. */
export function PlanTree({
  plan,
  specifications,
  isUndecided,
}: {
  plan: PlanDocument;
  specifications: readonly Specification[];
  isUndecided: boolean;
}) {
  const t = texts.value.plan;
  const waves = Map.groupBy(plan.parts, ({ wave }) => wave);
  return (
    <section class="card">
      <h2>
        {t.parts} <small>{landedText(plan)}</small>
      </h2>
      <div class="rows">
        {[...waves].map(([wave, parts]) => (
          <section key={wave}>
            <h3 class="soft">{t.wave(wave)}</h3>
            <ul class="rows">
              {parts.map((part) => (
                <Part part={part} key={part.name}>
                  <Asked
                    specification={specifications.find(({ mission_id }) => mission_id === part.mission_id)}
                    isOpen={isUndecided}
                  />
                </Part>
              ))}
            </ul>
          </section>
        ))}
      </div>
      <p class="soft">{t.onFailure[plan.on_failure]}</p>
      {isUndecided && (
        <>
          <span class="soft">{t.changePart}</span>
          <Command text="aedev mission send-back PART --reason TEXT" />
        </>
      )}
    </section>
  );
}

function Part({ part, children }: { part: PlanDocument["parts"][number]; children: ComponentChildren }) {
  const t = texts.value.plan;
  const { name, title, mission_id, repository, status, after, implied } = part;
  const waits = [...after, ...implied.map(t.sameFiles)];
  return (
    <li>
      <div>
        <strong>{name}</strong> <a href={`/missions/${mission_id}`}>{visible(title)}</a> <StatusChip status={status} />
      </div>
      <small>
        {repository} · <span class="mono">{mission_id}</span>
        {waits.length > 0 && ` · ${t.after(waits.join(", "))}`}
      </small>
      {children}
    </li>
  );
}

/** A part's request, criteria and answers. */
function Asked({ specification, isOpen }: { specification: Specification | undefined; isOpen: boolean }) {
  if (specification === undefined) return null;
  const { text, criteria, clarifications = [] } = specification;
  return (
    <details open={isOpen}>
      <summary>{texts.value.request}</summary>
      <p class="whole">{visible(text)}</p>
      <ul>
        {criteria.map((criterion) => (
          <li key={criterion.id}>{visible(criterion.text)}</li>
        ))}
      </ul>
      {clarifications.map(({ question, answer }) => (
        <p key={question}>
          {visible(question)} <strong>{visible(answer)}</strong>
        </p>
      ))}
    </details>
  );
}

/** Nothing, unless the mission is a part of a plan. */
export function PartOf({ mission: { part_of } }: { mission: MissionDocument }) {
  if (part_of === undefined) return null;
  return (
    <small>
      {texts.value.plan.partOf}{" "}
      <a class="mono" href={`/missions/${part_of}`}>
        {part_of}
      </a>
    </small>
  );
}
