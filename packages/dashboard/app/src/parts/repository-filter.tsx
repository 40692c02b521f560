/** Chooses one repository or all. */
import type { Signal } from "@preact/signals";
import { texts } from "../text/text.ts";

interface RepositoryFilterProperties {
  readonly names: readonly string[];
  /** Empty: all. */
  readonly chosen: Signal<string>;
  readonly changed?: () => void;
}

export function RepositoryFilter({ names, chosen, changed }: RepositoryFilterProperties) {
  const { repository, allRepositories } = texts.value;
  return (
    <label>
      {repository}
      <select
        value={chosen.value}
        onChange={({ currentTarget }) => {
          chosen.value = currentTarget.value;
          changed?.();
        }}
      >
        <option value="">{allRepositories}</option>
        {names.map((name) => (
          <option value={name} key={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
