/** Signs this browser in with the code in the address, which no server sees before the app sends it. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { CallError, call } from "../api/client.ts";
import { keepSession } from "../api/session.ts";
import { texts } from "../text/text.ts";

export function SignInPage() {
  const t = texts.value;
  const problem = useSignal<string | null>(null);
  const code = useSignal(location.hash.slice(1));
  useEffect(() => {
    if (code.value === "") return;
    // The code must not stay in the browser's history.
    history.replaceState(null, "", "/sign-in");
    call("signIn", { body: { code: code.value } }).then(
      (session) => {
        keepSession(session);
        location.assign("/");
      },
      (error: unknown) => {
        if (!(error instanceof CallError)) throw error;
        problem.value = error.message;
        code.value = "";
      },
    );
  }, []);
  if (code.value !== "") return <p role="status">{t.signingIn}</p>;
  return (
    <main class="content">
      <h1>aedev</h1>
      {problem.value !== null && <p class="notice bad">{problem.value}</p>}
      <p>{t.notSignedIn}</p>
      <p>{t.signInHelp}</p>
      <code class="command">aedev open</code>
    </main>
  );
}
