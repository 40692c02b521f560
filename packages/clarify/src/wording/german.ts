/** The German texts of clarification's questions. */
import type { Wording } from "./wording.ts";

const defaultCriterion =
  "ein neuer Test schlägt vor der Änderung fehl und besteht danach; alle bestehenden Tests bestehen";

export const german: Wording = {
  questions: {
    no_acceptance_criteria: {
      text: () =>
        "Woran erkennt man, dass es fertig ist? Nenne etwas Prüfbares: was ein Test zusichert, einen Befehl und seine Ausgabe oder den Namen eines fehlschlagenden Tests.",
      choices: [
        "ein bestehender Test, der jetzt fehlschlägt, besteht danach; die anderen Tests bleiben, wie sie sind",
        "der gemeldete Befehl gibt das richtige Ergebnis aus und endet mit 0; ein neuer Test zeigt es",
      ],
      default: defaultCriterion,
    },
    vague_description: {
      text: (words) => `${words} kann vieles heißen. Was genau ist danach anders, so dass andere es sehen können?`,
      choices: [
        "ein Verhalten ändert sich, und ein neuer Test zeigt es: rot vor der Änderung, grün danach",
        "eine Ausgabe oder Meldung ändert sich, und ein Test vergleicht ihren Text",
        "das Verhalten bleibt: nur die Struktur ändert sich, und die bestehenden Tests bestehen unverändert",
      ],
      default: "ein Verhalten ändert sich, und ein neuer Test zeigt es: rot vor der Änderung, grün danach",
    },
    no_target_surface: {
      text: () =>
        "Wo soll geändert werden? Nenne Datei, Ordner, Funktion, Befehl oder Route, z. B. `lib/cart.js` oder `add()`.",
      choices: [
        "die Dateien, zu denen der neue fehlschlagende Test führt, und die Tests; keine andere Datei",
        "README.md und docs/",
      ],
      default: "die Dateien, zu denen der neue fehlschlagende Test führt, und die Tests; keine andere Datei",
    },
    unbounded_scope: {
      text: (words) => `${words} hat keine Grenze. Was darf sich höchstens ändern, und was bleibt gleich?`,
      choices: [
        "höchstens 10 Dateien und 400 geänderte Zeilen; was außerhalb liegt, bleibt",
        "nur die erste Stelle, an der es nötig ist; die anderen werden eigene Aufträge",
        "höchstens 3 Dateien und 100 geänderte Zeilen; keine öffentliche Schnittstelle ändert sich",
      ],
      default: "höchstens 10 Dateien und 400 geänderte Zeilen; was außerhalb liegt, bleibt",
    },
  },
  kinds: {
    fix: {
      ask: "Was geschieht jetzt, und was soll stattdessen geschehen?",
      usual: defaultCriterion,
      follows:
        "das Gemeldete tritt nicht mehr auf, das Erwartete tritt ein, ein neuer Test zeigt es; alle bestehenden Tests bestehen",
    },
    feature: {
      ask: "Was tut es, bei welcher Eingabe, und was sieht man?",
      usual: defaultCriterion,
      follows: "es verhält sich wie beschrieben, ein neuer Test zeigt es; alle bestehenden Tests bestehen",
    },
    refactor: {
      ask: "Welche Struktur soll entstehen, und was muss gleich bleiben?",
      usual: "das Verhalten bleibt: die bestehenden Tests bestehen unverändert",
      follows: "die Struktur ist wie beschrieben; das Verhalten bleibt, die bestehenden Tests bestehen",
    },
    upgrade: {
      ask: "Welche Abhängigkeit, welche Version?",
      usual:
        "Manifest und Lockfile nennen die neueste Version derselben Hauptversion; Build und bestehende Tests bestehen",
      follows: "Manifest und Lockfile nennen diese Version; Build und bestehende Tests bestehen",
    },
    rename: {
      ask: "Wie heißt es jetzt, wie soll es heißen?",
      usual: "der alte Name kommt nicht mehr vor; alle bestehenden Tests bestehen",
      follows: "der alte Name kommt außer an den genannten Stellen nicht mehr vor; alle bestehenden Tests bestehen",
    },
    removal: {
      ask: "Was genau fällt weg, und was bleibt?",
      usual: "es ist weg und nichts verweist darauf; alle anderen Tests bestehen",
      follows: "es ist weg und nichts verweist darauf; alle anderen Tests bestehen",
    },
    docs: {
      ask: "Welche Seite, welcher Abschnitt, und was soll dort stehen?",
      usual: "die Seite nennt jede Option mit Standardwert und einem Beispiel; kein Code ändert sich",
      follows: "die Seite sagt das Verlangte, so wie der Code sich verhält; kein Code ändert sich",
    },
    test: {
      ask: "Welches Verhalten und welche Fälle sollen die Tests abdecken?",
      usual: "jeder neue Test besteht und schlägt fehl, wenn das geprüfte Verhalten entfernt wird",
      follows: "die verlangten Tests sind da und bestehen; jeder schlägt fehl, wenn das Geprüfte defekt ist",
    },
    perf: {
      ask: "Was wird wie gemessen, und welcher Wert muss erreicht werden?",
      usual:
        "ein Benchmark im Repository zeigt mindestens 20 % weniger Zeit als vorher; gleiche Ergebnisse, bestehende Tests bestehen",
      follows: "der gemessene Wert wird bei gleichen Ergebnissen erreicht; alle bestehenden Tests bestehen",
    },
    config: {
      ask: "Welche Einstellung, welcher Wert?",
      usual: "die Einstellung hat den genannten Wert, und keine andere ändert sich",
      follows: "die Einstellung hat dort genau diesen Wert, und keine andere ändert sich",
    },
    chore: {
      ask: "Was ist danach im Repository anders?",
      usual: defaultCriterion,
      follows: "genau das Verlangte ist geändert; alle bestehenden Tests bestehen",
    },
  },
  why: {
    no_acceptance_criteria: () => "kein prüfbares Ergebnis ist genannt",
    vague_description: (words) => `${words} kann vieles heißen`,
    no_target_surface: () => "keine Datei, kein Ordner, keine Funktion, kein Befehl und keine Route ist genannt",
    unbounded_scope: (words) => `${words} hat keine Grenze`,
  },
  inPlace: (place) => `${place} und die Tests dazu`,
  asStated:
    "fertig, wenn genau das gilt, was die Anfrage selbst angibt; wo sich Verhalten ändert, zeigt es ein Test, der vorher fehlschlägt; bestehende Tests laufen durch",
  understood: (follows, request) => `verstanden: ${follows} (${request})`,
  drafted: (text) => `entworfen: ${text}`,
  draftQuestions: {
    title: "Was wird anders sein?",
    place: "Wo?",
    criteria: "Woran erkennen wir, dass es fertig ist?",
    test: "Wie könnte ein Test es zeigen?",
  },
  whatChanges: "Was soll sich ändern, bevor die Arbeit beginnt?",
  example: {
    ofFunction: (name) => `Zum Beispiel: „${name}(…) ergibt … statt …, und ein neuer Test zeigt es“.`,
    ofRequest: (request) => `Zum Beispiel für „${request}“: „… zeigt … statt …“.`,
  },
  again: "Die übliche Antwort allein sagt nicht, was hier anders sein soll.",
  isQuestion:
    "das ist eine Frage, und ein Auftrag ändert Code: sag, was sich ändern soll, oder stelle die Frage anderswo; soll die Antwort festgehalten werden, verlange eine Seite damit („erkläre in docs/parse.md, warum …“)",
  quote: (words) => words.map((word) => `„${word}“`).join(", "),
  found: {
    failingTest: (sentence) =>
      `der Test, der jetzt fehlschlägt, besteht nach der Änderung und bleibt selbst unverändert: ${sentence}`,
    reproduction: (command) =>
      `nach der Änderung zeigt dieser Befehl den Fehler nicht mehr, und ein neuer Test deckt ihn ab: ${command}`,
  },
  refused: {
    empty: "die Antwort ist leer",
    long: (charactersMax) => `die Antwort ist länger als ${charactersMax} Zeichen`,
    placeholder: (text) => `„${text}“ sagt nichts Prüfbares`,
    short: (widthMin) => `zu kurz, um geprüft zu werden: mindestens ${widthMin} Zeichen`,
    vague: (words) => `${words} ist unbestimmt: sag, was ein Test, ein Befehl oder ein Leser sieht`,
    noPlace: "kein Ort ist genannt: Datei, Ordner, Funktion, Befehl oder Route, z. B. `lib/cart.js` oder `add()`",
    unbounded: (words) => `${words} hat noch immer keine Grenze: sag, was sich höchstens ändern darf`,
    reference: "ein Link oder eine Ticketnummer kann hier nicht gelesen werden: schreib auf, was dort verlangt wird",
  },
  document: {
    criteria: "Abnahmekriterien",
    ownCriterion: "Vorgabe von aedev, weil keines genannt wurde",
    notChecked: "In keinem Kriterium, also prüft es niemand",
    answers: "Fragen und Antworten",
    score: (score) => `Unklarheit: ${score} von 100`,
    repository: "Repository",
  },
};
