/** A command for a terminal, on its own line, with a button that copies it. */
import { useSignal } from "@preact/signals";
import { texts } from "../text/text.ts";

export function Command({ text }: { text: string }) {
  const { copy, copied } = texts.value;
  const isCopied = useSignal(false);
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
      <code class="command">{text}</code>
      <button type="button" onClick={() => void copyIt()}>
        {isCopied.value ? copied : copy}
      </button>
    </span>
  );
}
