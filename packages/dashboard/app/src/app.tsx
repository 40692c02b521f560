/** The shell: navigation, what the page is as of, and the page. */
import { useEffect } from "preact/hooks";
import { LocationProvider, lazy, Route, Router } from "preact-iso";
import { follow, isDown, isRead, readProblem } from "./api/live.ts";
import { isSignedOut } from "./api/session.ts";
import { BoardPage } from "./pages/board.tsx";
import { BrowsersPage } from "./pages/browsers.tsx";
import { DecisionPage } from "./pages/decision.tsx";
import { InboxPage } from "./pages/inbox.tsx";
import { NewMissionPage } from "./pages/new-mission.tsx";
import { NowPage } from "./pages/now.tsx";
import { SignInPage } from "./pages/sign-in.tsx";
import { TriagePage } from "./pages/triage.tsx";
import { Navigation } from "./parts/navigation.tsx";
import { Notices } from "./parts/notices.tsx";
import { texts } from "./text/text.ts";

/** Pages that few open are loaded when somebody does. */
const AnalyticsPage = lazy(async () => (await import("./pages/analytics.tsx")).AnalyticsPage);
const ModelsPage = lazy(async () => (await import("./pages/models.tsx")).ModelsPage);
const PromptsPage = lazy(async () => (await import("./pages/prompts.tsx")).PromptsPage);
const RepositoriesPage = lazy(async () => (await import("./pages/repositories.tsx")).RepositoriesPage);
const RepositoryPage = lazy(async () => (await import("./pages/repositories.tsx")).RepositoryPage);
const RoadmapPage = lazy(async () => (await import("./pages/roadmap.tsx")).RoadmapPage);
const SessionsPage = lazy(async () => (await import("./pages/sessions.tsx")).SessionsPage);
const SettingsPage = lazy(async () => (await import("./pages/settings.tsx")).SettingsPage);

export function App() {
  const isSigningIn = location.pathname === "/sign-in";
  useEffect(() => {
    if (!isSigningIn) follow();
  }, []);
  if (isSigningIn || isSignedOut.value) return <SignInPage />;
  // Without a daemon the pages say so themselves.
  if (!isRead.value && !isDown.value) return <p role="status">{readProblem.value ?? texts.value.loading}</p>;
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
        <Navigation />
        <main class={`content ${isDown.value ? "old" : ""}`} id="content" tabIndex={-1}>
          <Notices />
          <Router>
            <Route path="/" component={NowPage} />
            <Route path="/inbox" component={InboxPage} />
            <Route path="/board" component={BoardPage} />
            <Route path="/triage" component={TriagePage} />
            <Route path="/new" component={NewMissionPage} />
            <Route path="/analytics" component={AnalyticsPage} />
            <Route path="/models" component={ModelsPage} />
            <Route path="/prompts" component={PromptsPage} />
            <Route path="/repositories" component={RepositoriesPage} />
            <Route path="/repositories/:name" component={RepositoryPage} />
            <Route path="/roadmap" component={RoadmapPage} />
            <Route path="/roadmap/:name" component={RoadmapPage} />
            <Route path="/sessions" component={SessionsPage} />
            <Route path="/settings" component={SettingsPage} />
            <Route path="/browsers" component={BrowsersPage} />
            <Route path="/missions/:id" component={DecisionPage} />
            <Route default component={NotFoundPage} />
          </Router>
        </main>
      </div>
    </>
  );
}

function NotFoundPage() {
  return <p>{texts.value.notFound}</p>;
}
