/** The signed-in browsers, each of which can be signed out. */
import type { BrowserSessionDocument } from "@aedev/contracts/api";
import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { call } from "../api/client.ts";
import { forgetSession } from "../api/session.ts";
import { actionState } from "../parts/action.ts";
import { SureButton } from "../parts/sure-button.tsx";
import { TellTold } from "../parts/told.tsx";
import { localTime } from "../text/format.ts";
import { texts } from "../text/text.ts";

export function BrowsersPage() {
  const t = texts.value;
  const browsers = useSignal<readonly BrowserSessionDocument[]>([]);
  const action = useMemo(actionState, []);
  useEffect(() => {
    void action.run(async () => {
      browsers.value = (await call("listBrowsers", {})).browsers;
    }, "");
  }, []);
  const signOut = ({ session_id, is_own }: BrowserSessionDocument) =>
    void action.run(async () => {
      browsers.value = (await call("signOut", { params: { id: session_id }, body: {} })).browsers;
      if (!is_own) return;
      forgetSession();
      location.assign("/");
    }, t.done);
  return (
    <>
      <h1>{t.browsers}</h1>
      {action.told.value?.tone === "bad" && <TellTold told={action.told} />}
      <ul class="rows">
        {browsers.value.map((browser) => (
          <li class="card" key={browser.session_id}>
            <div class="row">
              <strong>{t.signedInAs(browser.by, browser.role)}</strong>
              {browser.is_own && <span class="chip good">{t.thisBrowser}</span>}
              {browser.reach === "proxy" && <span class="chip">{t.throughProxy}</span>}
              {browser.view_only && <span class="chip">{t.viewOnly}</span>}
            </div>
            <small>
              {t.since} {localTime(browser.started_at)}, {t.until} {localTime(browser.expires_at)}
            </small>
            <div class="row">
              <SureButton
                label={t.signOut}
                sure={t.signOutSure}
                keep={t.stopNone}
                isBusy={action.isBusy.value}
                run={() => signOut(browser)}
              />
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
