/** The daemon's answer to a command. */
import { visible } from "../text/format.ts";
import type { ActionState } from "./action.ts";

export function TellTold({ told }: Pick<ActionState, "told">) {
  const { value } = told;
  return (
    <div role="status">
      {value !== null && (
        <div class={`notice ${value.tone}`}>
          {visible(value.text)}
          {value.hint !== null && <code>{visible(value.hint)}</code>}
        </div>
      )}
    </div>
  );
}
