/** A command for a terminal, on its own line, with a button that copies it. What is not shown as it is can't be copied. */
import { useSignal } from "@preact/signals";
import { visible } from "../text/format.ts";
import { texts } from "../text/text.ts";

export function Command({ text }: { text: string }) {
  const { copy, copied } = texts.value;
  const isCopied = useSignal(false);
  const shown = visible(text);
  const copyIt = () =>
    navigator.clipboard.writeText(text).then(
      () => {
        isCopied.value = true;
      },
      // The browser does not allow it; the text can be selected.
      () => undefined,
    );
  return (
    <span class="copyable">
      <code class="command">{shown}</code>
      {shown === text && (
        <button type="button" onClick={() => void copyIt()}>
          {isCopied.value ? copied : copy}
        </button>
      )}
    </span>
  );
}
