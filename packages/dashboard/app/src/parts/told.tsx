/** The daemon's answer to a command. */
import type { ActionState } from "./action.ts";

export function TellTold({ told }: Pick<ActionState, "told">) {
  const { value } = told;
  return (
    <div role="status">
      {value !== null && (
        <div class={`notice ${value.tone}`}>
          {value.text}
          {value.hint !== null && <code>{value.hint}</code>}
        </div>
      )}
    </div>
  );
}
