/** Renders the form for a new mission, which a link opens. The page can't approve anything. */
import { missionTextCharactersMax, type NewMissionPage } from "@aedev/contracts";
import { html } from "./html.ts";
import { bar, expiry, leadingBreak, page, returnedNote, tokenForm } from "./page-frame.ts";

/** The page works without a script. Each form is one mission, however often it is sent. */
export function renderNewMissionPage({ repositories, token, request, expires_at, returned }: NewMissionPage): string {
  const field = (name: string) =>
    returned !== null && Object.hasOwn(returned.fields, name) ? (returned.fields[name] ?? "") : "";
  const options = repositories.map(
    (name) => html`<option value="${name}"${name === field("repo") ? html` selected` : html``}>${name}</option>`,
  );
  const again =
    returned?.again === true ? html`<button name="again" value="1">Submit it all the same</button>` : html``;
  const form =
    options.length === 0
      ? html`<p>No repository is registered yet: <code>aedev repo add</code></p>`
      : tokenForm(
          token,
          html`<input type="hidden" name="request" value="${request}">
<label for="repo">Repository</label><select id="repo" name="repo">${options}</select>
<label for="text">What do you want done? The first line is the title.</label><textarea id="text" name="text" maxlength="${missionTextCharactersMax}" required>${html`${leadingBreak}${field("text")}`}</textarea>
<label for="criteria">How will we know it is done? One criterion in each line (optional)</label><textarea id="criteria" name="criteria" maxlength="${missionTextCharactersMax}">${html`${leadingBreak}${field("criteria")}`}</textarea>
${bar([html`<button class="send">Submit this mission</button>`, again])}`,
        );
  return page("New mission", [
    html`<header><h1>New mission</h1><p>Nothing runs before its questions are answered and its specification is approved.</p>${expiry(expires_at)}${returnedNote(returned)}</header>`,
    form,
  ]);
}
