/** A button that asks once more before it does what can't be taken back. */
import { useSignal } from "@preact/signals";

interface SureProperties {
  readonly label: string;
  /** The button that does it, and the one that does not. */
  readonly sure: string;
  readonly keep: string;
  readonly isBusy: boolean;
  readonly run: () => void;
}

export function SureButton({ label, sure, keep, isBusy, run }: SureProperties) {
  const isAsked = useSignal(false);
  const set = (asked: boolean) => () => {
    isAsked.value = asked;
  };
  if (!isAsked.value)
    return (
      <button type="button" class="bad" disabled={isBusy} onClick={set(true)}>
        {label}
      </button>
    );
  return (
    <>
      <button
        type="button"
        class="bad"
        disabled={isBusy}
        onClick={() => {
          isAsked.value = false;
          run();
        }}
      >
        {sure}
      </button>
      <button type="button" onClick={set(false)}>
        {keep}
      </button>
    </>
  );
}
