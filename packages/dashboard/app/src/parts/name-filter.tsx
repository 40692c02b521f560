/** Chooses one name or all. */
import type { Signal } from "@preact/signals";
import { texts } from "../text/text.ts";

interface NameFilterProperties {
  readonly label: string;
  readonly names: readonly string[];
  /** Empty: all. */
  readonly chosen: Signal<string>;
  readonly changed?: () => void;
}

export function NameFilter({ label, names, chosen, changed }: NameFilterProperties) {
  return (
    <label>
      {label}
      <select
        value={chosen.value}
        onChange={({ currentTarget }) => {
          chosen.value = currentTarget.value;
          changed?.();
        }}
      >
        <option value="">{texts.value.allNames}</option>
        {names.map((name) => (
          <option value={name} key={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
