/** All that needs a person, most urgent first. Everything can be done by keys. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useLocation } from "preact-iso";
import { missions, status } from "../api/live.ts";
import { MissionCard } from "../parts/mission-card.tsx";
import { texts } from "../text/text.ts";

export function InboxPage() {
  const { inbox, nothingWaits, keys } = texts.value;
  const { route } = useLocation();
  const current = useSignal(0);
  const waiting = (status.value?.waiting ?? []).flatMap(({ mission_id }) => missions.value.get(mission_id) ?? []);
  const last = Math.max(0, waiting.length - 1);
  useEffect(() => {
    const onKey = ({ key, target, ctrlKey, metaKey, altKey }: KeyboardEvent) => {
      if (ctrlKey || metaKey || altKey || isTyping(target)) return;
      if (key === "j") current.value = Math.min(last, current.value + 1);
      if (key === "k") current.value = Math.max(0, current.value - 1);
      const mission = waiting[Math.min(last, current.value)];
      if (mission === undefined) return;
      if (key === "o") route(`/missions/${mission.mission_id}`);
      if (key === "c") route(`/missions/${mission.mission_id}#c`);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });
  return (
    <>
      <h1>{inbox}</h1>
      {waiting.length === 0 ? <p class="soft">{nothingWaits}</p> : <p class="soft keys">{keys}</p>}
      <div class="rows">
        {waiting.map((mission, at) => (
          <MissionCard mission={mission} isCurrent={at === Math.min(last, current.value)} key={mission.mission_id} />
        ))}
      </div>
    </>
  );
}

/** Keys that a person types into a field are no commands. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(?:INPUT|TEXTAREA|SELECT)$/u.test(target.tagName);
}
