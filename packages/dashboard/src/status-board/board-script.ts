/**
 * The script of the status board's page. The page contains its source, so it uses nothing from outside itself. At each refresh it asks for the document. If the
 * document has changed, the script asks for the page and replaces only the nodes that differ. No text becomes markup.
 */

/** What the script says itself, in the page's language; it is in `data-words` of the controls. */
export interface ScriptWords {
  /** The language's code. */
  readonly code: string;
  readonly title: string;
  readonly live: string;
  readonly old: string;
  readonly still: string;
  readonly gone: string;
  readonly pause: string;
  readonly resume: string;
  readonly changed: string;
}

/** Starts the page's life. `at`: when the document of the page was made (ISO 8601 UTC). `every`: seconds between two refreshes. */
export function startBoard(at: string, every: number): void {
  const storageKey = "aedev-board-language";
  const find = (name: string, within: ParentNode = document) => within.querySelector(name) as HTMLElement;
  const [main, controls, said] = [find("main"), find("#controls"), find("#said")];
  const pageLanguage = document.documentElement.lang;
  let language = stored() ?? pageLanguage;
  let [paused, asking] = [false, false];
  /** When the newest document was made, by the server's clock and by this page's, and when the nodes were last compared. */
  let known = { at, ms: performance.now() };
  let [content, drawnMs] = ["", performance.now()];
  let goneAt: string | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** The elements that the update under way has changed; null: changes are not marked. */
  let changed: Set<Element> | null = null;

  function stored(): string | null {
    try {
      return localStorage.getItem(storageKey);
    } catch {
      return null;
    }
  }

  function words(): ScriptWords {
    return JSON.parse(controls.dataset["words"] ?? "{}") as ScriptWords;
  }

  async function ask(path: string, headers: Record<string, string> = {}): Promise<Response> {
    const signal = AbortSignal.timeout(10_000);
    const answer = await fetch(path + location.search, { cache: "no-store", headers, signal });
    if (!answer.ok) throw new Error(answer.statusText);
    return answer;
  }

  async function refresh(): Promise<void> {
    if (asking) return;
    asking = true;
    try {
      const board = await (await ask("status-board.json")).json();
      known = { at: board.generated_at, ms: performance.now() };
      const { generated_at: _at, soak, runtime_health, ...rest } = board;
      const { daemon, ...health } = runtime_health;
      const now = JSON.stringify([rest, health, soak.result, soak.interruptions, daemon.status, daemon.since]);
      // Ages are shown to the minute.
      if (now !== content || performance.now() - drawnMs > 60_000) await redraw();
      content = now;
      write(find("#as-of"), timeText(known.at, 16));
      goneAt = null;
    } catch {
      goneAt ??= new Date(Date.parse(known.at) + performance.now() - known.ms).toISOString();
    }
    asking = false;
    schedule();
    tick();
  }

  /** What changed is marked and said, unless only the language did. */
  async function redraw(): Promise<void> {
    const text = await (await ask("status-board", { "accept-language": language })).text();
    // The head has a style for another nonce, about which a browser would complain.
    const page = new DOMParser().parseFromString(text.slice(text.indexOf("<body>")), "text/html");
    const fetched = find("#controls", page);
    controls.dataset["words"] = fetched.dataset["words"] ?? "{}";
    const { code, title } = words();
    const isSameLanguage = document.documentElement.lang === code;
    changed = isSameLanguage ? new Set() : null;
    update(main, find("main", page));
    mark([...(changed ?? [])]);
    changed = null;
    if (!isSameLanguage) update(controls, fetched);
    document.documentElement.lang = code;
    document.title = title;
    drawnMs = performance.now();
  }

  function mark(elements: readonly Element[]): void {
    for (const element of elements) {
      element.classList.add("new");
      setTimeout(() => element.classList.remove("new"), 2500);
    }
    const names = elements.map((element) => element.closest("section")?.querySelector("h2")?.textContent ?? "");
    const text = [...new Set(names)].filter((name) => name !== "").join(", ");
    if (text !== "") said.textContent = words().changed.replace("{names}", text);
  }

  function schedule(): void {
    clearTimeout(timer);
    if (!paused && every > 0) timer = setTimeout(refresh, (goneAt === null ? every : Math.min(every, 5)) * 1000);
  }

  /** What the dot says. A document is old after two intervals; without refreshing, fifteen seconds count as one. */
  function tick(): void {
    const texts = words();
    const seconds = Math.round((performance.now() - known.ms) / 1000);
    const isOld = seconds > 2 * (every || 15);
    const now =
      goneAt !== null
        ? texts.gone.replace("{time}", timeText(goneAt, 19))
        : paused || every === 0
          ? texts.still
          : isOld
            ? texts.old.replace("{n}", String(seconds))
            : texts.live;
    const live = find("#live");
    write(live, now);
    live.className = goneAt !== null ? "red" : isOld ? "amber" : "";
    document.body.classList.toggle("gone", goneAt !== null);
    if (goneAt !== null) write(said, now);
    write(find("#pause"), paused ? texts.resume : texts.pause);
  }

  function write(element: Element, text: string): void {
    if (element.textContent === text) return;
    if (element.firstChild instanceof Text) element.firstChild.data = text;
    else element.textContent = text;
  }

  function timeText(instant: string, length: number): string {
    return `${instant.slice(0, length).replace("T", " ")} UTC`;
  }

  /** Makes the content of `here` equal to that of `there`. Nodes that are here stay: an element of a list by its key, any other by its place. */
  function update(here: Element, there: Element): void {
    const keyed = new Map([...here.children].map((child) => [child.getAttribute("data-key"), child]));
    let place: ChildNode | null = here.firstChild;
    for (const wanted of there.childNodes) {
      const node: ChildNode =
        wanted instanceof Element
          ? elementAt(here, place, wanted, keyed)
          : textAt(here, place, wanted.textContent ?? "");
      place = node.nextSibling;
    }
    while (place !== null) {
      const next: ChildNode | null = place.nextSibling;
      place.remove();
      place = next;
    }
  }

  function textAt(here: Element, place: ChildNode | null, text: string): ChildNode {
    if (place instanceof Text) {
      if (place.data !== text) note(here);
      if (place.data !== text) place.data = text;
      return place;
    }
    note(here);
    return here.insertBefore(document.createTextNode(text), place);
  }

  function elementAt(
    here: Element,
    place: ChildNode | null,
    wanted: Element,
    keyed: ReadonlyMap<string | null, Element>,
  ): ChildNode {
    const key = wanted.getAttribute("data-key");
    const candidate = key === null ? place : keyed.get(key);
    const isSame =
      candidate instanceof Element &&
      candidate.localName === wanted.localName &&
      candidate.getAttribute("data-key") === key;
    const element = isSame ? candidate : document.createElementNS(wanted.namespaceURI, wanted.localName);
    if (element !== place) here.insertBefore(element, place);
    const isNew = element.classList.contains("new");
    for (const { name, value } of wanted.attributes)
      if (element.getAttribute(name) !== value && name !== "hidden") element.setAttribute(name, value);
    if (isNew) element.classList.add("new");
    if (!isSame) note(element);
    // A new element is marked as a whole.
    const marked = changed;
    if (!isSame) changed = null;
    update(element, wanted);
    changed = marked;
    return element;
  }

  /** Ages change all the time, which says nothing. */
  function note(element: Element): void {
    if (element.closest(".quiet") === null) changed?.add(element);
  }

  controls.addEventListener("click", ({ target }) => {
    const { id } = target as Element;
    if (id === "pause") {
      paused = !paused;
      schedule();
    }
    if (id === "language") {
      language = (target as HTMLElement).lang;
      try {
        localStorage.setItem(storageKey, language);
      } catch {
        // The choice then lasts as long as the page.
        tick();
      }
      content = "";
    }
    if (id === "now" || id === "language" || (id === "pause" && !paused)) void refresh();
    tick();
  });
  controls.addEventListener("change", ({ target }) => {
    every = Number((target as HTMLSelectElement).value);
    schedule();
    tick();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && !paused && every > 0) void refresh();
  });
  controls.hidden = false;
  setInterval(tick, 1000);
  tick();
  schedule();
  if (language !== pageLanguage) void refresh();
}
