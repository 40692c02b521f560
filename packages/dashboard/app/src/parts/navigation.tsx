/** The way to every page: a side bar, and on a narrow screen a menu. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useLocation } from "preact-iso";
import { asOf, position, status } from "../api/live.ts";
import { localTime } from "../text/format.ts";
import { nextLanguage, texts } from "../text/text.ts";

export function Navigation() {
  const t = texts.value;
  const { path } = useLocation();
  const isOpen = useSignal(false);
  useEffect(() => {
    isOpen.value = false;
  }, [path]);
  // As many as the inbox has cards.
  const forGood = status.value?.holds.filter(({ resumes }) => resumes === "never").length ?? 0;
  const waiting = (status.value?.waiting.length ?? 0) + forGood;
  const counts: Readonly<Record<string, number | undefined>> = {
    "/inbox": waiting,
    "/triage": status.value?.holds.length,
  };
  const groups = [
    [
      ["/", t.now],
      ["/inbox", t.inbox],
      ["/board", t.board],
      ["/triage", t.triage],
      ["/new", t.newMission],
    ],
    [
      ["/roadmap", t.roadmap.title],
      ["/sessions", t.sessions.title],
      ["/analytics", t.analytics.title],
      ["/models", t.models.title],
      ["/prompts", t.prompts.title],
    ],
    [
      ["/repositories", t.repositories.title],
      ["/settings", t.settings.title],
      ["/browsers", t.browsers],
    ],
  ] as const;
  return (
    <header class="side" data-open={isOpen.value || undefined}>
      <strong>aedev</strong>
      <div class="menu">
        <button
          type="button"
          aria-expanded={isOpen.value}
          aria-controls="pages"
          onClick={() => {
            isOpen.value = !isOpen.value;
          }}
        >
          {t.menu}
        </button>
        {waiting > 0 && (
          <a href="/inbox">
            {t.inbox} <span class="count">{waiting}</span>
          </a>
        )}
      </div>
      <nav aria-label="aedev" id="pages">
        {groups.map((links) => (
          <div class="group" key={links[0][0]}>
            {links.map(([href, text]) => (
              <a href={href} aria-current={path === href ? "page" : undefined} key={href}>
                {text}
                {(counts[href] ?? 0) > 0 && <span class="count">{counts[href]}</span>}
              </a>
            ))}
          </div>
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
