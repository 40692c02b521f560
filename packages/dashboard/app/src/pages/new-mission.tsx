/** Submits a mission. What is unclear is asked on the mission's own page. */
import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { useLocation } from "preact-iso";
import { call } from "../api/client.ts";
import { actionState } from "../parts/action.ts";
import { TellTold } from "../parts/told.tsx";
import { texts } from "../text/text.ts";

export function NewMissionPage() {
  const t = texts.value;
  const { route } = useLocation();
  const repositories = useSignal<readonly string[] | null>(null);
  const [repo, text, criteria] = [useSignal(""), useSignal(""), useSignal("")];
  const action = useMemo(actionState, []);
  useEffect(() => {
    void action.run(async () => {
      const answer = await call("listRepositories", {});
      repositories.value = answer.repositories.map(({ name }) => name);
      repo.value = repositories.value[0] ?? "";
    }, "");
  }, []);
  const submit = (event: Event) => {
    event.preventDefault();
    const criterion = criteria.value.split("\n").filter((line) => line.trim() !== "");
    void action.run(async () => {
      const { mission_id } = await call("submitMission", { body: { text: text.value, repo: repo.value, criterion } });
      route(`/missions/${mission_id}`);
    }, t.submitted);
  };
  if (repositories.value?.length === 0)
    return (
      <>
        <h1>{t.newMission}</h1>
        <p>{t.noRepositories}</p>
        <code class="command">{t.noRepositoriesHelp}</code>
      </>
    );
  return (
    <>
      <h1>{t.newMission}</h1>
      <form class="card" onSubmit={submit}>
        <label>
          {t.repository}
          <select
            value={repo.value}
            onChange={({ currentTarget }) => {
              repo.value = currentTarget.value;
            }}
          >
            {repositories.value?.map((name) => (
              <option value={name} key={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t.requestText}
          <textarea
            required
            value={text.value}
            onInput={({ currentTarget }) => {
              text.value = currentTarget.value;
            }}
          />
        </label>
        <label>
          {t.criteriaText}
          <textarea
            value={criteria.value}
            onInput={({ currentTarget }) => {
              criteria.value = currentTarget.value;
            }}
          />
        </label>
        <div class="row">
          <button class="main" type="submit" disabled={action.isBusy.value}>
            {t.submit}
          </button>
        </div>
      </form>
      {action.told.value?.tone === "bad" && <TellTold told={action.told} />}
    </>
  );
}
