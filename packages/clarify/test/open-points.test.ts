/** What leaves a request open although it names a place: each rule in eight languages, beside a twin that closes the point. */
import { describe, expect, it } from "vitest";
import { type TextLanguage, textLanguages } from "../src/lexicon/lexicon.ts";
import { understand } from "../src/understanding/understand.ts";

type Row = keyof ReturnType<typeof understand>["weighed"]["observed"];
/** The row that counts against the open request, the open request, and the closed one. */
type Pair = readonly [row: Row, open: string, closed: string];

const pairs: Readonly<Record<TextLanguage, readonly Pair[]>> = {
  english: [
    [
      "elsewhere",
      "In `Invoice.tsx` please arrange the columns the way Priya sketched it.",
      "In `Invoice.tsx` please arrange the columns date, number and total from left to right.",
    ],
    [
      "unnamed",
      "Switch the base URL in src/api/client.ts over to the new environment.",
      "Switch the base URL in src/api/client.ts over to the new `https://localhost:8443`.",
    ],
    [
      "otherOne",
      "Make the date picker in `Booking.tsx` behave like the one in our other app.",
      "Make the date picker in `Booking.tsx` start the week on Monday like the one in `Trip.tsx`.",
    ],
    [
      "source",
      "Fill the table in docs/limits.md with the values from PROJ-77.",
      "Fill the table in docs/limits.md with the values 10, 20 and 50 (PROJ-77).",
    ],
    [
      "preparing",
      "Add a `role` column to `users`. The security team is working out which ones.",
      'Add a `role` column to `users`, with "admin" and "member".',
    ],
    [
      "wish",
      "`ReportService.export()` should include the columns management wants to see.",
      "`ReportService.export()` should include the columns `id` and `total`.",
    ],
    [
      "follows",
      "Show the tariffs in `Prices.tsx`. The numbers follow next week.",
      'Show the tariffs in `Prices.tsx`: "S" 9 €, "M" 19 €.',
    ],
    [
      "right",
      "`computeVat()` in tax.ts uses the wrong rate for books, use the right one.",
      "`computeVat()` in tax.ts uses the wrong rate for books, use 7 %.",
    ],
    [
      "either",
      "Show the delivery date in OrderCard.tsx above the price or hide it behind a tooltip.",
      "Show the delivery date in OrderCard.tsx above the price, or below it if the price is empty.",
    ],
    [
      "some",
      "In `routes/users.ts` some handlers need input validation, please add it.",
      "In `routes/users.ts` the handlers `create` and `update` need input validation, please reject an empty name.",
    ],
    [
      "sometimes",
      "`SyncWorker` every now and then skips a record.",
      "`SyncWorker` skips a record if its name is empty.",
    ],
    [
      "gradable",
      "Show a warning in `Upload.tsx` when the file is large.",
      "Show a warning in `Upload.tsx` when the file is larger than 10 MB.",
    ],
    [
      "ponder",
      "Have a look at `scheduler.ts` whether the retry logic could be dropped.",
      "Drop the retry logic in `scheduler.ts`: `retryAfter` and its test.",
    ],
    ["nameless", "Rename `data2` in report.ts, the name says nothing.", "Rename `data2` in report.ts to `totals`."],
    [
      "alter",
      "Change the colour of the Save button in Toolbar.tsx.",
      "Change the colour of the Save button in Toolbar.tsx to #0a7f3f.",
    ],
    [
      "contradiction",
      "Delete the `legacy_id` column, but the reports must go on showing it.",
      "Delete the `legacy_id` column and the test of it.",
    ],
    [
      "both",
      "Sales say gross, legal says net; `export.csv` must satisfy both.",
      "`export.csv` must show both, `gross` and `net`.",
    ],
    [
      "level",
      "Go through `config/features.json` and take out the flags that can go.",
      "Take the flags `beta` and `trial` out of `config/features.json`.",
    ],
  ],
  german: [
    [
      "elsewhere",
      "In `Rechnung.tsx` bitte die Spalten so anordnen, wie Priya es aufgezeichnet hat.",
      "In `Rechnung.tsx` bitte die Spalten so anordnen: `datum`, `nummer`, `summe`.",
    ],
    [
      "unnamed",
      "Die Basis-URL in src/api/client.ts auf die neue Umgebung umstellen.",
      "Die Basis-URL in src/api/client.ts auf die neue `BASE_URL` umstellen.",
    ],
    [
      "source",
      "Die Tabelle in docs/limits.md mit den Werten aus PROJ-77 füllen.",
      "Die Tabelle in docs/limits.md mit den Werten 10, 20 und 50 füllen (PROJ-77).",
    ],
    [
      "right",
      "`computeVat()` in tax.ts nimmt für Bücher den falschen Satz, bitte den richtigen nehmen.",
      "`computeVat()` in tax.ts nimmt für Bücher den falschen Satz, bitte 7 % nehmen.",
    ],
    [
      "either",
      "Das Lieferdatum in OrderCard.tsx über dem Preis anzeigen oder hinter einem Tooltip verstecken.",
      "Das Lieferdatum in OrderCard.tsx über dem Preis anzeigen und im Tooltip verstecken.",
    ],
    [
      "sometimes",
      "`SyncWorker` überspringt hin und wieder einen Datensatz.",
      "`SyncWorker` überspringt einen Datensatz, wenn sein Name leer ist.",
    ],
    [
      "ponder",
      "Schau dir mal `scheduler.ts` an, ob man die Retry-Logik nicht weglassen kann.",
      "Die Retry-Logik in `scheduler.ts` entfernen: `retryAfter` und den Test dazu.",
    ],
    [
      "nameless",
      "`data2` in report.ts umbenennen, der Name sagt nichts aus.",
      "`data2` in report.ts in `totals` umbenennen.",
    ],
    [
      "alter",
      "Die Farbe vom Speichern-Knopf in Toolbar.tsx ändern.",
      "Die Farbe vom Speichern-Knopf in Toolbar.tsx auf #0a7f3f ändern.",
    ],
    [
      "contradiction",
      "Lösch die Spalte `legacy_id`, die Berichte müssen sie aber weiterhin anzeigen.",
      "Lösch die Spalte `legacy_id` und den Test dazu.",
    ],
    [
      "undecided",
      "In `users` die Spalte `role` ergänzen. Wir wissen leider noch nicht, welche.",
      'In `users` die Spalte `role` mit "admin" und "member" ergänzen.',
    ],
  ],
  french: [
    [
      "elsewhere",
      "Dans `Facture.tsx`, range les colonnes comme Priya l'a esquissé.",
      "Dans `Facture.tsx`, range les colonnes ainsi : `date`, `numero`, `total`.",
    ],
    [
      "unnamed",
      "Basculer l'URL de base de src/api/client.ts vers le nouvel environnement.",
      "Basculer l'URL de base de src/api/client.ts vers le nouveau `BASE_URL`.",
    ],
    [
      "right",
      "`computeVat()` dans tax.ts prend le mauvais taux pour les livres, prendre le bon.",
      "`computeVat()` dans tax.ts prend le mauvais taux pour les livres, prendre 7 %.",
    ],
    [
      "either",
      "Afficher la date de livraison dans OrderCard.tsx au-dessus du prix ou la cacher derrière une infobulle.",
      "Afficher la date de livraison dans OrderCard.tsx au-dessus du prix et la cacher dans `Cart.tsx`.",
    ],
    [
      "sometimes",
      "`SyncWorker` saute un enregistrement de temps à autre. À corriger.",
      "`SyncWorker` saute un enregistrement quand le nom est vide. À corriger.",
    ],
    [
      "ponder",
      "Jette un œil à `scheduler.ts` pour voir si on peut se passer de la logique de retry.",
      "Supprimer la logique de retry dans `scheduler.ts` : `retryAfter` et son test.",
    ],
    [
      "nameless",
      "Renommer `data2` dans report.ts, le nom ne dit rien.",
      "Renommer `data2` en `totals` dans report.ts.",
    ],
    [
      "alter",
      "Changer la couleur du bouton Enregistrer dans Toolbar.tsx.",
      "Changer la couleur du bouton Enregistrer dans Toolbar.tsx en #0a7f3f.",
    ],
    [
      "contradiction",
      "Supprime la colonne `legacy_id`, mais les rapports doivent continuer à l'afficher.",
      "Supprime la colonne `legacy_id` et son test.",
    ],
  ],
  spanish: [
    [
      "elsewhere",
      "En `Factura.tsx` ordena las columnas como las dibujó Priya.",
      "En `Factura.tsx` ordena las columnas así: `fecha`, `numero`, `total`.",
    ],
    [
      "unnamed",
      "Cambiar la URL base de src/api/client.ts al entorno nuevo.",
      "Cambiar la URL base de src/api/client.ts al nuevo `BASE_URL`.",
    ],
    [
      "right",
      "`computeVat()` en tax.ts usa el tipo equivocado para los libros, usar el correcto.",
      "`computeVat()` en tax.ts usa el tipo equivocado para los libros, usar 7 %.",
    ],
    [
      "either",
      "Guardar el borrador en localStorage o en el servidor, y restaurarlo en `Editor.tsx` al cargar.",
      "Guardar el borrador en localStorage, y restaurarlo en `Editor.tsx` al cargar.",
    ],
    [
      "sometimes",
      "`SyncWorker` se salta un registro de vez en cuando. Arreglarlo.",
      "`SyncWorker` se salta un registro cuando el nombre está vacío. Arreglarlo.",
    ],
    [
      "ponder",
      "Échale un vistazo a `scheduler.ts` a ver si se puede prescindir de los reintentos.",
      "Quitar los reintentos de `scheduler.ts`: `retryAfter` y su test.",
    ],
    [
      "nameless",
      "Renombrar `data2` en report.ts, el nombre no dice nada.",
      "Renombrar `data2` a `totals` en report.ts.",
    ],
    [
      "alter",
      "Cambiar el color del botón Guardar en Toolbar.tsx.",
      "Cambiar el color del botón Guardar en Toolbar.tsx a #0a7f3f.",
    ],
    [
      "contradiction",
      "Borra la columna `legacy_id`, pero los informes tienen que seguir mostrándola.",
      "Borra la columna `legacy_id` y su test.",
    ],
  ],
  portuguese: [
    [
      "elsewhere",
      "Na `Fatura.tsx`, arruma as colunas do jeito que a Priya rabiscou.",
      "Na `Fatura.tsx`, arruma as colunas assim: `data`, `numero`, `total`.",
    ],
    [
      "unnamed",
      "Trocar a URL base em src/api/client.ts para o ambiente novo.",
      "Trocar a URL base em src/api/client.ts para a nova `BASE_URL`.",
    ],
    [
      "right",
      "`computeVat()` em tax.ts usa a alíquota errada pra livros, usar a certa.",
      "`computeVat()` em tax.ts usa a alíquota errada pra livros, usar 7 %.",
    ],
    [
      "either",
      "Guardar o rascunho no localStorage ou no servidor, e restaurar no `Editor.tsx` ao carregar.",
      "Guardar o rascunho no localStorage, e restaurar no `Editor.tsx` ao carregar.",
    ],
    [
      "sometimes",
      "O `SyncWorker` pula um registro de vez em quando. Corrigir.",
      "O `SyncWorker` pula um registro quando o nome está vazio. Corrigir.",
    ],
    [
      "ponder",
      "Dá uma olhada no `scheduler.ts` pra ver se dá pra tirar a lógica de retry.",
      "Tirar a lógica de retry do `scheduler.ts`: `retryAfter` e o teste dela.",
    ],
    ["nameless", "Renomear `data2` em report.ts, o nome não diz nada.", "Renomear `data2` para `totals` em report.ts."],
    [
      "alter",
      "Mudar a cor do botão Salvar no Toolbar.tsx.",
      "Mudar a cor do botão Salvar no Toolbar.tsx para #0a7f3f.",
    ],
    [
      "contradiction",
      "Apaga a coluna `legacy_id`, mas os relatórios têm que continuar mostrando ela.",
      "Apaga a coluna `legacy_id` e o teste dela.",
    ],
  ],
  japanese: [
    [
      "elsewhere",
      "`Invoice.tsx` の列の並びを山本さんが描いてくれた感じにしてください。",
      "`Invoice.tsx` の列の並びを `date`、`number`、`total` にしてください。",
    ],
    [
      "unnamed",
      "src/api/client.ts のベースURLを新しい環境に切り替えてください。",
      "src/api/client.ts のベースURLを新しい `BASE_URL` に切り替えてください。",
    ],
    [
      "right",
      "tax.ts の `computeVat()` で書籍の税率が間違っているので、正しい税率にしてください。",
      "tax.ts の `computeVat()` で書籍の税率が間違っているので、7 % にしてください。",
    ],
    [
      "either",
      "OrderCard.tsx に配送日を価格の上に表示するか、ツールチップに隠してください。",
      "OrderCard.tsx に配送日を価格の上に表示してください。",
    ],
    [
      "sometimes",
      "`SyncWorker` がたまにレコードを飛ばします。直してください。",
      "`SyncWorker` は名前が空の場合にレコードを飛ばします。直してください。",
    ],
    ["alter", "Toolbar.tsx の保存ボタンの色を変えて。", "Toolbar.tsx の保存ボタンの色を #0a7f3f に変えて。"],
    [
      "contradiction",
      "`legacy_id` 列を削除してください。ただしレポートには引き続き表示してください。",
      "`legacy_id` 列とそのテストを削除してください。",
    ],
  ],
  chinese: [
    [
      "elsewhere",
      "`Invoice.tsx` 的列,按小王画的那个样子排。",
      "`Invoice.tsx` 的列按 `date`、`number`、`total` 的顺序排。",
    ],
    ["unnamed", "src/api/client.ts 的 base URL 切到新环境。", "src/api/client.ts 的 base URL 切到 `BASE_URL`。"],
    [
      "right",
      "tax.ts 的 `computeVat()` 图书税率不对,改成正确的税率。",
      "tax.ts 的 `computeVat()` 图书税率不对,改成 7 %。",
    ],
    [
      "either",
      "OrderCard.tsx 里把送达日期显示在价格上面,或者藏到 tooltip 里。",
      "OrderCard.tsx 里把送达日期显示在价格上面,提示里显示时间。",
    ],
    ["sometimes", "`SyncWorker` 时不时会漏一条记录,修一下。", "`SyncWorker` 遇到名字为空的记录会跳过,应该保留。"],
    ["alter", "Toolbar.tsx 里保存按钮的颜色改一下。", "Toolbar.tsx 里保存按钮的颜色改成 #0a7f3f。"],
    ["contradiction", "把 `legacy_id` 这列删掉,但报表里要继续显示。", "把 `legacy_id` 这列和它的测试删掉。"],
  ],
  korean: [
    [
      "elsewhere",
      "`Invoice.tsx` 열 순서를 지민님이 그려준 것처럼 바꿔주세요.",
      "`Invoice.tsx` 열 순서를 `date`, `number`, `total` 로 바꿔주세요.",
    ],
    [
      "unnamed",
      "src/api/client.ts의 base URL을 새 환경으로 바꿔주세요.",
      "src/api/client.ts의 base URL을 새 `BASE_URL` 로 바꿔주세요.",
    ],
    [
      "right",
      "tax.ts의 `computeVat()`에서 도서 세율이 틀렸어요. 맞는 세율로 고쳐주세요.",
      "tax.ts의 `computeVat()`에서 도서 세율이 틀렸어요. 7 %로 고쳐주세요.",
    ],
    [
      "either",
      "OrderCard.tsx에서 배송일을 가격 위에 보여주거나 툴팁으로 숨겨주세요.",
      "OrderCard.tsx에서 배송일을 가격 위에 보여주세요.",
    ],
    [
      "sometimes",
      "`SyncWorker`가 가끔 레코드를 건너뜁니다. 고쳐주세요.",
      "`SyncWorker`가 이름이 비어 있으면 레코드를 건너뜁니다. 건너뛰지 않아야 합니다.",
    ],
    ["alter", "Toolbar.tsx 저장 버튼 색 바꿔주세요.", "Toolbar.tsx 저장 버튼 색을 #0a7f3f 로 바꿔주세요."],
    [
      "contradiction",
      "`legacy_id` 컬럼 삭제해 주세요. 그런데 리포트에는 계속 나와야 합니다.",
      "`legacy_id` 컬럼과 그 테스트를 삭제해 주세요.",
    ],
  ],
};

describe.each(textLanguages)("open points in %s", (language) => {
  it.each(pairs[language])("counts an open point: %s: %s is open, %s is not", (row, open, closed) => {
    const [doubtful, certain] = [understand(open), understand(closed)];
    expect([doubtful.weighed.observed[row] < 0, certain.weighed.observed[row] < 0]).toEqual([true, false]);
    expect([doubtful.clear, certain.clear]).toEqual([false, true]);
  });
});

describe("a short request", () => {
  it.each([
    "csv export should also have a column with the phone number",
    "Permettre de supprimer les messages d'un coup avec des cases à cocher dans la liste",
    "ya no usamos el Jenkinsfile, bórralo",
    "o guia de instalação ainda fala em python 3.8, agora é 3.11",
    "CSV出力に電話番号の列も入れてください",
    "导出的 CSV 里再加一列电话号码",
    "메인 페이지 뉴스레터 팝업 빼주세요.",
  ])("treats a short change as clear if nothing is open: %s", (text) => expect(understand(text).clear).toBe(true));

  it.each(["add authentication", "mach die Suche besser", "corrige le bouton", "改一下", "직접 고쳐 주세요"])(
    "treats a short request as unclear if it says next to nothing: %s",
    (text) => expect(understand(text).clear).toBe(false),
  );
});
