/** The shell: navigation, what the page is as of, and the page. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { LocationProvider, Route, Router, useLocation } from "preact-iso";
import { CallError } from "./api/client.ts";
import { asOf, follow, isDown, position, status } from "./api/live.ts";
import { isSignedOut } from "./api/session.ts";
import { BoardPage } from "./pages/board.tsx";
import { BrowsersPage } from "./pages/browsers.tsx";
import { DecisionPage } from "./pages/decision.tsx";
import { InboxPage } from "./pages/inbox.tsx";
import { NewMissionPage } from "./pages/new-mission.tsx";
import { NowPage } from "./pages/now.tsx";
import { SignInPage } from "./pages/sign-in.tsx";
import { TriagePage } from "./pages/triage.tsx";
import { Notices } from "./parts/notices.tsx";
import { localTime } from "./text/format.ts";
import { nextLanguage, texts } from "./text/text.ts";

export function App() {
  const isReady = useSignal(false);
  const isSigningIn = location.pathname === "/sign-in";
  useEffect(() => {
    if (isSigningIn) return;
    follow().then(
      () => {
        isReady.value = true;
      },
      (error: unknown) => {
        if (!(error instanceof CallError)) throw error;
        // While the daemon does not answer, the stream goes on trying.
        isReady.value = true;
      },
    );
  }, []);
  if (isSigningIn || isSignedOut.value) return <SignInPage />;
  if (!isReady.value) return <p role="status">{texts.value.loading}</p>;
  return (
    <LocationProvider>
      <Shell />
    </LocationProvider>
  );
}

function Shell() {
  return (
    <>
      <a class="skip" href="#content">
        {texts.value.skip}
      </a>
      <div class="shell">
        <Side />
        <main class={`content ${isDown.value ? "old" : ""}`} id="content" tabIndex={-1}>
          <Notices />
          <Router>
            <Route path="/" component={NowPage} />
            <Route path="/inbox" component={InboxPage} />
            <Route path="/board" component={BoardPage} />
            <Route path="/triage" component={TriagePage} />
            <Route path="/new" component={NewMissionPage} />
            <Route path="/browsers" component={BrowsersPage} />
            <Route path="/missions/:id" component={DecisionPage} />
            <Route default component={NotFoundPage} />
          </Router>
        </main>
      </div>
    </>
  );
}

function Side() {
  const t = texts.value;
  const { path } = useLocation();
  const counts: Readonly<Record<string, number | undefined>> = {
    "/inbox": status.value?.waiting.length,
    "/triage": status.value?.holds.length,
  };
  const links = [
    ["/", t.now],
    ["/inbox", t.inbox],
    ["/board", t.board],
    ["/triage", t.triage],
    ["/new", t.newMission],
    ["/browsers", t.browsers],
  ] as const;
  return (
    <header class="side">
      <strong>aedev</strong>
      <nav aria-label="aedev">
        {links.map(([href, text]) => (
          <a href={href} aria-current={path === href ? "page" : undefined} key={href}>
            {text}
            {(counts[href] ?? 0) > 0 && <span class="count">{counts[href]}</span>}
          </a>
        ))}
      </nav>
      <div class="foot">
        <button type="button" class="plain" onClick={nextLanguage}>
          {t.language}
        </button>
        <small>{asOf.value === null ? "" : t.asOf(localTime(asOf.value), position.value)}</small>
      </div>
    </header>
  );
}

function NotFoundPage() {
  return <p>{texts.value.notFound}</p>;
}
