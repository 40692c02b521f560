/** Changes what people sort a mission by. */
import type { MissionDocument } from "@aedev/contracts/api";
import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { call } from "../api/client.ts";
import { texts } from "../text/text.ts";
import { actionState } from "./action.ts";
import { TellTold } from "./told.tsx";

const priorities = ["urgent", "high", "normal", "low"] as const;

export function TicketFields({ mission: { mission_id, priority, labels } }: { mission: MissionDocument }) {
  const t = texts.value;
  const action = useMemo(actionState, []);
  const known = labels.join(", ");
  const words = useSignal(known);
  const send = (body: { priority: MissionDocument["priority"] } | { labels: string[] }) =>
    void action.run(() => call("updateMission", { params: { id: mission_id }, body }), t.done);
  const save = (event: Event) => {
    event.preventDefault();
    const given = words.value.split(/[,，]/u).map((label) => label.trim());
    send({ labels: given.filter((label) => label !== "") });
  };
  return (
    <section class="card">
      <label>
        {t.priority}
        <select
          value={priority}
          disabled={action.isBusy.value}
          onChange={({ currentTarget }) =>
            send({ priority: priorities.find((one) => one === currentTarget.value) ?? "normal" })
          }
        >
          {priorities.map((one) => (
            <option value={one} key={one}>
              {t.priorities[one]}
            </option>
          ))}
        </select>
      </label>
      <form class="say" onSubmit={save}>
        <label>
          {t.labelsText}
          <input
            value={words.value}
            onInput={({ currentTarget }) => {
              words.value = currentTarget.value;
            }}
          />
        </label>
        <button type="submit" disabled={action.isBusy.value || words.value === known}>
          {t.save}
        </button>
      </form>
      {action.told.value?.tone === "bad" && <TellTold told={action.told} />}
    </section>
  );
}
