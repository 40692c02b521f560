/** Requests of each kind in eight languages: those that say everything that their kind needs, each beside a twin that does not. */
import { describe, expect, it } from "vitest";
import { clarifyMission, refuseQuestion } from "../src/clarify.ts";
import { type TextLanguage, textLanguages } from "../src/lexicon/lexicon.ts";
import { textLanguage } from "../src/reading/language.ts";
import { findWords, wordsOf } from "../src/reading/words.ts";
import { understand } from "../src/understanding/understand.ts";
import { wordingOf } from "../src/wording/wording.ts";
import { shippedRules as rules } from "./shipped-rules.ts";

const clarified = (text: string) => clarifyMission({ text, criteria: [] }, rules);
const isAsked = (text: string) => clarified(text).clarity.questions.length > 0;

const twins: readonly (readonly [string, string, string])[] = [
  ["upgrade", "bump axios to 1.7.4", "upgrade the dependencies"],
  ["upgrade", "axios auf 1.7.4 anheben", "Abhängigkeiten aktualisieren"],
  ["upgrade", "passer lodash en 4.17.21", "mettre à jour les dépendances"],
  ["upgrade", "actualiza axios a la 1.7.4", "actualiza las dependencias"],
  ["upgrade", "atualizar axios para 1.7.4", "atualizar as dependências"],
  ["upgrade", "axios を 1.7.4 に上げる", "ライブラリを更新してください"],
  ["upgrade", "把 axios 升级到 1.7.4", "升级一下依赖"],
  ["upgrade", "axios를 1.7.4로 올려 주세요", "라이브러리를 업데이트해 주세요"],
  ["rename", "Rename `fetchAll` to `listAll` in the whole code base", "give the functions in src/list.ts better names"],
  ["rename", "getUser を fetchUser にリネームしてください", "変数名をわかりやすくしてください"],
  ["rename", "Renombra la clase UserRepo a UserRepository", "pon nombres más bonitos"],
  ["removal", "remove the unused `legacyParse` export", "remove dead code"],
  ["removal", "Supprimer l'option --legacy de la commande build", "supprimer le vieux code"],
  ["fix", "add(-1, 2) in lib/add.js returns 3, expected 1", "Fix add() in lib/add.js"],
  ["fix", "soma(-1, 2) retorna 3, deveria retornar 1", "o login está quebrado"],
  ["fix", 'parse("") 抛出 TypeError，应该返回空数组', "登录坏了"],
  ["fix", 'parse("")가 TypeError를 던집니다. 빈 배열을 반환해야 합니다', "로그인이 안 돼요"],
  ["fix", "typo in README: recieve -> receive", "fix all the typos you find"],
  ["config", "Setze das Timeout in config/http.ts auf 30 Sekunden", "Timeout auf einen sinnvollen Wert setzen"],
  ["config", "Set the timeout in config.yaml to 30 s", "Set the timeout in config.yaml to something sensible"],
  ["config", "タイムアウトを30秒に変更", "config.yaml のタイムアウトを適切な値にしてください"],
  ["perf", "Get the cold start of the CLI under 200 ms", "Make render() faster"],
  ["docs", 'Add a section "Running the tests" to README.md that shows `npm test`', "improve the docs"],
  ["refactor", "Convert src/db.js to async/await; existing tests stay green", "refactor src/db.js"],
  [
    "feature",
    "Bei leerem Warenkorb soll der Button „Zur Kasse“ deaktiviert sein, wenn nichts drin ist",
    "Bau bitte eine vernünftige Suche ein",
  ],
  ["feature", "Add a --dry-run flag to deploy that prints the plan and exits 0", "add authentication"],
];

describe("two requests of a kind", () => {
  it.each(twins)(
    "recognizes a request that says all that its kind needs: %s: %s is clear, %s is not",
    (_kind, clear, unclear) => {
      expect(clarified(clear).clarity).toMatchObject({ questions: [], score: expect.any(Number) });
      expect(clarified(clear).criteria[0]).not.toHaveProperty("default");
      expect(isAsked(unclear)).toBe(true);
    },
  );

  it("writes the criterion that follows into the specification, in the person's language, with the request itself", () => {
    expect(clarified("bump axios to 1.7.4").criteria).toEqual([
      {
        id: "c1",
        text: "understood: manifest and lockfile name that version; build and existing tests pass (bump axios to 1.7.4)",
        understood: true,
      },
    ]);
    expect(clarified("把 axios 升级到 1.7.4").criteria[0]?.text).toMatch(/^理解为：清单和锁文件/);
    expect(clarified("axios auf 1.7.4 anheben").criteria[0]?.text).toMatch(
      /^verstanden: .*\(axios auf 1\.7\.4 anheben\)$/,
    );
  });
});

describe("an exact request", () => {
  const exact = "`getUser` in src/user.ts returns `null` for id 0, expected `undefined`.";
  it.each([
    "We have not decided which of the two it should be.",
    "Not sure, whichever you like; we couldn't tell you yet, it is still being discussed.",
  ])("asks about an exact request if something is undecided: %s", (open) => {
    expect([isAsked(exact), isAsked(`${exact} ${open}`)]).toEqual([false, true]);
  });

  it.each([
    "do what we discussed",
    "see https://example.org/issues/12",
    "Fix #123",
    "Implement SHOP-331",
    "## Expected result",
  ])("asks about a request whose content can't be read here: %s", (text) => expect(isAsked(text)).toBe(true));
});

describe("open points", () => {
  const exact = "In `src/cart.ts` `total()` returns `null` for an empty cart, expected `0`.";
  const asked = (text: string) => isAsked(text);
  /** A doubt, and the same words in a request that leaves nothing open. */
  const doubts: readonly (readonly [string, string, string])[] = [
    ["undecided", "Legal still has to tell us which of the two it is.", "Orders that legal approved stay visible."],
    ["undecided", "Some say it should be an error, others want a warning.", "Some tests use `total()` as well."],
    ["elsewhere", "Use the value we agreed on with finance in Tuesday's meeting.", "Use the value of `EMPTY_TOTAL`."],
    ["amount", "Also increase the cache timeout.", "Also increase the cache timeout to 30 s."],
    ["amount", "Also raise the limit, it is 20 today.", "Also raise the limit from 20 today to 50."],
    ["level", "Be more lenient for the important parts.", "Be exact to the cent."],
  ];
  it.each(doubts)("asks about an open point: %s: %s is asked about, %s is not", (_row, open, closed) => {
    expect([asked(`${exact} ${open}`), asked(`${exact} ${closed}`)]).toEqual([true, false]);
  });

  it.each([
    ["german", "Der Vertrieb muss noch entscheiden, welche Felder.", "Solange die Bestellung nicht freigegeben ist."],
    ["french", "La direction doit encore trancher.", "Tant que le devis n'est pas validé par le client."],
    ["spanish", "Marketing todavía tiene que decidir los tramos.", "Los pedidos pendientes de aprobación no salen."],
    ["portuguese", "A diretoria ainda vai definir o valor.", "Enquanto o pagamento não for confirmado."],
    ["japanese", "期間はまだ決まっていません。", "承認待ちの申請は編集できない。"],
    ["chinese", "规则还没定下来，等产品确认。", "待审批的订单不能发货。"],
    ["korean", "금액은 아직 정해지지 않았습니다.", "승인 대기 중인 주문은 나오지 않는다."],
  ])(
    "treats, in %s, a pending decision of people as open (%s), but not a state of the software (%s)",
    (language, open, state) => {
      const undecided = (text: string) => findWords(language as TextLanguage, wordsOf(text)).undecided.length > 0;
      expect([undecided(open), undecided(state)]).toEqual([true, false]);
    },
  );

  it("closes an open point by a later decision, by freedom to choose, and by a reason", () => {
    const open = "We couldn't agree whether it is 400 or 409.";
    expect([asked(`${exact} ${open}`), asked(`${exact} ${open} We have now decided on 409.`)]).toEqual([true, false]);
    expect(asked(`${exact} As a field or a getter, I don't care which.`)).toBe(false);
    expect(asked(`${exact} Not sure if this is a bug or on purpose.`)).toBe(false);
    expect(asked("Remove the features that nobody uses.")).toBe(true);
    expect(asked("Remove the cookie banner, the popup and the survey widget. Nobody uses them.")).toBe(false);
  });

  it("does not let more detail outweigh an open point", () => {
    const { weighed } = understand(
      `${exact} See \`a\`, \`b\`, \`c\`, 12 rows of 3, if 1.2.3 has "x". Be more lenient.`,
    );
    const rows = Object.values(weighed.observed).filter((points) => points > 0);
    expect(rows.reduce((sum, points) => sum + points, 0)).toBeGreaterThan(6);
    expect([weighed.points, weighed.against]).toEqual([6, 6]);
  });
});

describe("everyday words", () => {
  it.each([
    "Drop the login via Facebook: button, callback route, passport dependency and both variables.",
    "Strg+S im Editor soll dasselbe tun wie der Speichern-Knopf, auf dem Mac Cmd+S.",
    "Quand je clique sur « Annuler », l'ancienne adresse doit revenir dans le formulaire.",
    "パスワードを3回間違えたら30分ロックしてください。ロック中はログイン画面に残り時間を表示します。",
    "O menu lateral fica aberto depois de clicar num item no celular. Fechar ao clicar.",
    "El filtro por fechas excluye el último día del rango. Tiene que incluirlo.",
    "待审批的订单不允许发货，现在还能点发货按钮，需要置灰并提示“订单未审批”。",
    "댓글 삭제 버튼을 누르면 확인 창을 띄워 주세요. 취소하면 아무 일도 일어나지 않아야 합니다.",
  ])("understands everyday words without a name from the code: %s", (text) => expect(isAsked(text)).toBe(false));

  it("asks about a wish for speed that names only how slow it is today", () => {
    const slow = "`/api/report` takes 8 seconds at the moment, make it faster";
    expect([isAsked(slow), isAsked("Get `/api/report` under 800 ms, it takes 8 seconds at the moment")]).toEqual([
      true,
      false,
    ]);
  });
});

describe("a question about the code", () => {
  it.each([
    "why does parse return null?",
    "Does `npm test` run the integration tests too?",
    "Explain how the cache in src/cache.ts works",
    "Warum gibt parse null zurück?",
    "Pourquoi parse renvoie null ?",
    "¿Por qué parse devuelve null?",
    "Por que parse retorna null?",
    "なぜ parse は null を返すのですか",
    "为什么 parse 返回 null？",
    "parse는 왜 null을 반환하나요?",
    "Ist es Absicht, dass `isActive()` hier `true` liefert? In `UserTest` wird das sogar geprüft.",
    "请问一下 `worker_num` 设成 0 是什么意思",
    "I wonder why `parse()` returns null here.",
    "¿Cómo funciona el bloqueo? En `asientos.ts` no lo veo.",
  ])("refuses a question about the code in its language, with what to do instead and without criteria: %s", (text) => {
    const refused = refuseQuestion({ text, criteria: [] }, rules);
    expect(refused).toMatchObject({ code: "not-a-change", reason: wordingOf(textLanguage(text)).isQuestion });
    expect(isAsked(text)).toBe(true);
  });

  it.each([
    "Can you rename `a1` to `b1`?",
    'Could you make the search case-insensitive? "Foo" should find "foo".',
    "Kannst du `alt()` in `neu()` umbenennen?",
    "Peux-tu renommer `ancien` en `nouveau` ?",
    "why does parse return null? It must return [].",
    "Könntet ihr das Häkchen „Newsletter“ bitte aus dem Formular nehmen? Im Profil bleibt es, und neu Registrierte haben es standardmäßig aus.",
  ])("does not treat a request for a change as a question: %s", (text) => {
    expect(refuseQuestion({ text, criteria: [] }, rules)).toBeNull();
    expect(isAsked(text)).toBe(false);
  });

  it("does not recognize a question by the question mark in an address", () => {
    const refused = (text: string) => refuseQuestion({ text, criteria: [] }, rules) !== null;
    expect(refused("The filter is lost. Keep it in the address as ?q= and read it again")).toBe(false);
    expect(refused("Is the filter kept in the address as ?q= on purpose?")).toBe(true);
  });

  it("does not refuse a question if the person gave a criterion", () => {
    expect(refuseQuestion({ text: "why is it null?", criteria: ["parse('') returns []"] }, rules)).toBeNull();
  });
});

describe("languages", () => {
  it.each(textLanguages)(
    "recognizes %s in its own questions, whose texts fit the schema that stores them",
    (language) => {
      const { questions, kinds, again, isQuestion } = wordingOf(language);
      for (const { text, choices, default: usual } of Object.values(questions)) {
        expect([text(""), textLanguage(text(""))]).toEqual([text(""), language]);
        for (const { ask, usual: ofKind, follows } of Object.values(kinds)) {
          expect(`${again} ${text("x".repeat(60))} ${ask}`.length).toBeLessThan(500);
          for (const offered of [...choices, usual, ofKind]) expect(offered.length).toBeLessThanOrEqual(200);
          expect(follows).not.toBe("");
        }
      }
      expect(textLanguage(isQuestion)).toBe(language);
    },
  );

  it.each([
    ["Fix the label ログイン on the sign-in page", "english"],
    ["READMEのtypo修正: recieve → receive", "japanese"],
    ["ログインの不具合を直してください", "japanese"],
    ["Bitte das Feature refactoren", "german"],
    ["Corrige el error", "spanish"],
    ["`a`", "english"],
    ["", "english"],
  ])("recognizes the language of a text: %s is %s", (text, language) => expect(textLanguage(text)).toBe(language));

  it("asks in each language, and understands words taken back in each", () => {
    for (const [text, word] of [
      ["Die Oberfläche verschönern und modernisieren", "modernisieren"],
      ["Rendre l'interface plus moderne", "moderne"],
      ["UIをモダンにして", "モダン"],
    ] as const)
      expect(
        clarified(text)
          .clarity.questions.map(({ text: asked }) => asked)
          .join("\n"),
      ).toContain(word);
    const scope = (text: string) =>
      clarified(text)
        .clarity.signals.map(({ name }) => name)
        .includes("unbounded_scope");
    expect([scope("Das Login überall reparieren"), scope("Das Login reparieren, nicht überall")]).toEqual([
      true,
      false,
    ]);
    expect([scope("アプリ全体を直して"), scope("アプリ全体ではなくログインを直して")]).toEqual([true, false]);
  });
});

describe("a place", () => {
  it.each([
    ["`getUser`", true],
    ["@scope/pkg auf 2.1.0 anheben", true],
    ["GET /api/orders returns 500 instead of 404", true],
    ["fix the login bug", false],
    ["Fix it, see https://example.org/a/b.ts", false],
  ])("recognizes a place: %s names a place: %s", (text, named) => {
    const names = clarified(text).clarity.signals.map(({ name }) => name);
    expect(names.includes("no_target_surface")).toBe(!named);
  });
});

describe("words in code or quotation marks", () => {
  it("ignores words in code or quotation marks as scope or doubt", () => {
    const text = (what: string) => `lib/menu.js shows ${what} when the list is empty, it should show "none"`;
    expect(isAsked(text('"everything"'))).toBe(false);
    expect(understand(text('"maybe better"')).weighed.against).toBe(0);
    expect(understand(text("maybe better things")).weighed.against).toBeGreaterThan(0);
  });
});
