/** The configuration and the policy, for reading: each value, where it is from, and the command that changes it. */
import { useSignal } from "@preact/signals";
import { Loaded } from "../parts/loaded.tsx";
import { useDocument } from "../parts/read-document.ts";
import { visible } from "../text/format.ts";
import { texts } from "../text/text.ts";

export function SettingsPage() {
  const t = texts.value.settings;
  const sought = useSignal("");
  const { document, error } = useDocument("showConfiguration", {});
  return (
    <>
      <h1>{t.title}</h1>
      <p class="soft">{t.note}</p>
      <label>
        {texts.value.search}
        <input
          type="search"
          value={sought.value}
          onInput={({ currentTarget }) => {
            sought.value = currentTarget.value.trim().toLowerCase();
          }}
        />
      </label>
      <Loaded document={document} error={error}>
        {({ keys }) => {
          const found = keys.filter(({ key }) => key.toLowerCase().includes(sought.value));
          return (
            <>
              {found.length === 0 && <p class="soft">{t.none}</p>}
              <dl class="settings">
                {found.map(({ key, value, source, variable, change }) => (
                  <div key={key}>
                    <dt>
                      <code>{key}</code>{" "}
                      <span class={`chip ${source === "default" ? "" : "good"}`}>
                        {source === "default" ? t.shipped : (variable ?? source)}
                      </span>
                    </dt>
                    <dd class="mono">{visible(value)}</dd>
                    <dd class="soft mono">{variable === null ? change : t.unset(variable)}</dd>
                  </div>
                ))}
              </dl>
            </>
          );
        }}
      </Loaded>
    </>
  );
}
