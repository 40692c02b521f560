/** German words of the cues. */
import type { Cues } from "./cue.ts";

export const germanCues: Cues = {
  suitable:
    "passend*, sinnvoll*, vernünftig*, geeignet*, angemessen*, ordentlich*, anständig*, richtig*, gescheit*, wie es sich gehört, wo es hingehört",
  too: "zu lang*, zu viel*, zu oft, zu groß*, zu klein*, zu langsam, zu hoch, zu spät, zu früh, zu wenig*, zu stark, zu weit",
  tidy: "stabil*, robust*, sauber*, einfach*, leicht*, einheitlich*, konsistent*, übersichtlich*, lesbar*, schöner, vereinheitlich*, aufräum*",
  handle: "behandel*, umgehen, umgang, kümmer*, abfangen, regeln",
  reduce: "reduzier*, senken, runter, verringer*, verkleiner*, weniger, kürzen, sparen",
  raise: "erhöh*, hochsetz*, hochdreh*, mehr, länger, größer, höher, verläng*",
  inspect: "anschau*, schau*, prüf*, nachseh*, untersuch*, gucken, guck*, herausfind*, rausfind*, klären, analys*",
  someWay:
    "lösung*, überleg*, vorschlag*, vorschläge*, ausdenken, eine möglichkeit, irgendwie, irgendwas, variante*, idee*",
  harmless: "ohne dass, ohne zu stören, nicht stör*, keiner merk*, nebenwirkung*, fehlalarm*",
  limitNoun:
    "limit, limits, schwell*, grenze*, obergrenze, kontingent, budget, maximum, grenzwert*, timeout, intervall, rate",
  someTime:
    "eine weile, längere zeit, lange, rechtzeitig, gewisse zeit, regelmäßig, häufig, oft, schnell, bald, inaktiv*, alte, alten, große*, kleine*",
  several:
    "mehrere*, einige*, verschieden*, paar, manche*, gewisse*, bestimmte*, teil*, viele*, meisten, hälfte, diverse*",
  alternatives: "oder, entweder, beziehungsweise, bzw, alternativ",
  whether: "ob",
  unknown:
    "weiß nicht, weiss nicht, keine ahnung, unklar, unsicher, nicht sicher, vergessen, glaube, denke, vermutlich, wohl, angeblich, scheinbar, vielleicht, eventuell, evtl",
  saying:
    "sagt, sagen, meint, meinen, behauptet, will, wollen, möchte*, besteht darauf, streit*, meinung*, andere*, die einen, uneinig*",
  persons:
    "chef*, kunde*, kunden, nutzer*, benutzer*, anwender*, leute, alle, team*, vertrieb, marketing, rechtsabteilung, buchhaltung, datenschutz*, geschäftsführ*, kolleg*, fachabteilung, vorstand, partner*",
  pressure:
    "dringend, eilig, bis freitag, bis montag, bis morgen, heute noch, schnellstmöglich, sofort, frist, deadline, diese woche, priorität",
  complaint:
    "nerv*, beschwer*, hässlich, peinlich, unübersichtlich*, chaos, schlimm*, furchtbar, unleserlich, komisch*, seltsam*, schlecht*, verwirr*, unschön, ärger*",
  unseen:
    "anhang, angehängt*, beigefügt*, screenshot*, figma, entwurf, mockup, laufwerk, excel*, wiki, notion, confluence, folien, präsentation, mail, meeting, besprech*, besprochen*, telefonat, thread, diskussion, diskutiert, abgesprochen, vereinbart, erwähnt, liste, protokoll, konzept, foto",
  again:
    "wieder, immer noch, schon wieder, letzte woche, letztes mal, wie beim, vorhin, neulich, das ding, zeug, sache, sachen, üblich*, wie immer",
  accordingTo:
    "gemäß, laut, nach vorgabe*, konform, vorschrift*, vorgabe*, richtlinie*, regeln, anforderung*, norm, gesetz*, rechtssicher, standard*, vertrag, dsgvo",
  sameAs: "wie bei, wie im, wie in, wie auf, genauso wie, so wie, analog, ähnlich*, gleich wie, gleiche wie",
  otherThing: "ander*, anderes, was anderes, weitere*, sonst, sonstige*",
  needed:
    "nötig*, notwendig*, wichtig*, wesentlich*, relevant*, kritisch*, sinnvoll*, lohnt, gebraucht, benötigt*, brauch*, überflüssig*, unnötig*, wirklich, tot, tote, toten, redundant*",
  except: "außer, ausgenommen, es sei denn, bis auf, abgesehen, nicht für alle, sofern, falls, ohne",
  asPossible:
    "möglichst, so weit wie, wie möglich, wenn möglich, idealerweise, am besten, bestmöglich*, nach möglichkeit",
  enough: "genug, ausreichend*, reicht, genügt, langt, passt, egal, völlig ok, muss nicht, ist ok, mehr nicht",
  because: "weil, da wir, denn, wegen, deshalb, daher, deswegen, grund, ursache, nämlich",
  fromTo: "von, auf, statt, anstatt, anstelle, nach, zu, wird zu, in, durch, ersetz*",
  mustStay:
    "bleib*, unverändert, lassen, gleich, identisch, wie bisher, wie heute, wie jetzt, nichts ander*, sonst nichts, bestehend*, vorhanden*, bereits, schon",
  mustNot: "darf nicht, dürfen nicht, soll nicht, sollen nicht, nicht mehr, kein*, nie, niemals, verboten, nicht",
  sequence: "dann, danach, zuerst, erst, anschließend, wenn, falls, sobald, bis, sonst, ansonsten",
  position:
    "unter, über, neben, oben, unten, rechts, links, zwischen, davor, dahinter, am ende, am anfang, kopfzeile, fußzeile, ecke, in klammern, hinter",
  format:
    "aufsteigend, absteigend, alphabetisch, großbuchstaben, kleinbuchstaben, format, iso, utf-8, utc, nachkommastelle*, stellen, komma, semikolon, präfix, rot, grün, grau, gelb, blau, fett, gerundet, pixel, zeichen",
  numberWord: "eine, ein, einen, zwei, drei, vier, fünf, sechs, beide*, einzige*, doppelt, null, zweite*, dritte*",
  settledFact:
    "entschieden, beschlossen, geeinigt, fest, final, freigegeben, bestätigt, ergebnis, wir nehmen, steht fest, abgesegnet",
  future:
    "kommt noch, nächste woche, morgen, später, bald, demnächst, folgt, folgen, liefert, wartet, warten, noch nicht, ausstehend, geplant, steht noch, schickt",
  courtesy:
    "hätte gern*, wäre schön, wäre gut, wäre toll, könnte*, könnten, kann man, kannst du, bitte, brauch*, wir brauchen, lass uns, mal",
  asking: "warum, wieso, wie, was, welche*, wer, wo, woher",
  everything: "alle*, alles, überall, ganze*, gesamte*, komplett*, durchgehend, jede*",
  aspect:
    "performance, sicherheit, qualität, design, aussehen, layout, struktur, architektur, logik, verhalten, kosten, last, speicher, code, text*, stil, ablauf, prozess, bedienung, darstellung",
  adjust:
    "anpass*, justier*, angleich*, korrigier*, überarbeit*, aktualisier*, erweiter*, umbau*, neu machen, optimier*, verbesser*, nachziehen, ausbauen, feinjustier*",
  ability: "unterstütz*, erlaub*, ermöglich*, können, kann, möglich, sollen können",
  self: "ich, mir, mich, mein*",
  we: "wir, uns, unser*",
  they: "sie, ihnen, ihr, ihre, er, ihm, der kollege",
  pointing: "dies*, das, jene*, diejenige*, derjenige*, denen, die",
  should: "soll, sollen, sollte*, müsste*",
  must: "muss, müssen",
  show: "zeig*, anzeig*, angezeigt, ausgeb*, ausgibt, steht, stehen",
  giveBack: "liefer*, gibt, zurückgeb*, zurückgibt, antwort*",
  save: "speicher*, gespeichert, ablegen, schreib*, merken",
  send: "send*, schick*, verschick*, benachrichtig*, mail*, warn*, meld*",
  click: "klick*, drück*, tipp*, wähl*, auswähl*, eingeb*",
  fail: "fehlschl*, schlägt, abst*, kracht, knallt, fliegt, bricht, abbr*, wirft, stirbt, rot",
  wrong: "falsch*, stimmt nicht, stimmen nicht, unterschiedlich*, passt nicht, abweich*, fehlerhaft*",
  missing: "fehl*, gibt es nicht, kein*, vermiss*",
  empty: "leer*, null, nichts, nix",
  current: "aktuell, derzeit, momentan, heute, jetzt, bisher, im moment, zurzeit, grad, gerade",
  newThing: "neu, neue*, neuest*, aktuellst*",
  versionNoun: "version*, release, upgrade*, anheb*, hochzieh*, heben, umstieg, umsteigen, umstell*, migrier*",
  delete: "lösch*, entfern*, raus, weg, rauswerf*, wegwerf*, streich*",
  naming: "umbenenn*, heiß*, name*, nennen, benenn*",
  moveOut: "verschieb*, auslager*, aufteil*, trenn*, zerleg*, extrahier*, ziehen",
  tests: "test*, tests, abdeckung, testfall, testfälle",
  docs: "doku*, readme, anleitung, handbuch, kommentar*, abschnitt, kapitel, seite",
  control: "knopf, knöpfe, button*, link, menü*, icon*, dialog*, popup, reiter, häkchen, tooltip",
  field: "feld*, felder*, spalte*, zeile*, tabelle*, eintrag, einträge, datensatz, datensätze",
  page: "seite*, maske, formular*, ansicht*, liste*, übersicht, startseite, bildschirm",
  errorNoun: "fehler*, meldung*, fehlermeldung*, warnung*",
  date: "datum, zeit, uhrzeit, tag*, monat*, zeitzone, stunde*, woche*, jahr*",
  sum: "betrag, beträge, preis*, summe*, gesamt*, steuer, mwst, rabatt*, anzahl, prozent",
  defaultValue: "standard*, voreinstell*, vorgabe, default, vorbeleg*",
  sorting: "sortier*, reihenfolge, filter*, such*, gruppier*",
  setting: "konfig*, einstell*, option*, flag, variable, umgebung*",
  build: "ci, pipeline*, build*, deploy*, docker, image, workflow, lint",
  speedNoun: "langsam*, schnell*, dauert, sekunde*, ladezeit, braucht",
  only: "nur, bloß, lediglich, allein, einfach nur",
  also: "auch, zusätzlich, außerdem, ebenfalls, dazu, noch",
  already: "schon, bereits, vorhanden*, gibt es, haben wir, existier*",
  but: "aber, allerdings, jedoch, obwohl, andererseits, gleichzeitig, nur dass",
  somehow: "irgend*, etwas, was, jemand*, sowas, so ein",
  duplicate: "doppelt*, dublett*, duplik*, mehrfach, kopie*, kopiert",
  unusedThing: "unbenutzt*, ungenutzt*, tot*, veraltet*, alt*, nicht mehr, niemand",
  environment: "live, produktion, prod, staging, release, go-live, produktiv",
  depends: "kommt drauf, je nach*, abhängig, mal, manchmal, gelegentlich, ab und zu, hin und wieder, fallweise, teils",
  access: "sicher*, schütz*, sperr*, einschränk*, berechtig*, zugriff, rolle*, rechte, login",
  automatic: "automat*, intelligent*, schlau*, clever*, von selbst, von allein, dynamisch*",
  expectedValue: "erwartet*, erwarte, ist-, soll-, statt, richtig wäre, tatsächlich, korrekt wäre",
  evidence: "schritte, reproduz*, beispiel*, z.b, z. b, log*, ausgabe, seit",
  middle: "mittelweg, kompromiss, ausgewogen*, balance, dazwischen, abwägen, im rahmen",
  superlative: "häufigst*, meistgenutzt*, beste*, größte*, typisch*, beliebt*, gängig*, interessant*",
  notAll: "nicht alle*, nicht jede*, nicht alles, nur manche, nur teilweise",
  real: "echt*, realistisch*, tatsächlich*, wirklich*",
  knows: "weiß, kennt, hat die, fragen, frag, wissen",
  oneOf: "eine davon, einer davon, eines davon, eine der, nur eine, nur einer, nur ein, eins davon",
  about: "etwa, ca, ungefähr, rund, circa, so um",
  tolerance: "großzügig*, streng*, tolerant*, locker*, aggressiv*, vorsichtig*, empfindlich*, knapp*",
  cases: "sonderfäll*, randfäll*, fall, fälle, fällen, szenari*, situation*",
  without: "ohne, frei von",
  exactly: "genau, exakt, wörtlich, buchstäblich, zeichengenau",
  always: "immer, jedes mal, jedesmal, bei jedem, jeden, jede, pro, ständig",
  restore: "wiederherstell*, zurück, rückgängig, wiederkommen",
  onOff: "einschalt*, ausschalt*, aktivier*, deaktivier*, an, aus, abschalt*, abstell*",
  refuse: "ablehn*, abgelehnt, abweis*, verweiger*, sperren, fehler melden",
  visible: "sichtbar, ausgeblend*, ausblend*, einblend*, erschein*, verschwind*, sehen, sieht, ausgegraut",
  title: "heißt, lautet, beschrift*, überschrift, titel, steht, text, wortlaut",
  both: "beide*, gleichzeitig, sowohl, zugleich, weder",
  purpose: "damit, um zu, sodass, so dass, um",
  feeling: "fühlt, wirkt, scheint, zäh, träge, flüssig, angenehm, ruckel*",
  business: "vertrag, verträge*, preis*, kampagne*, saison, prüfung, rechnung*, bestellung*, buchung*, zahlung*",
};
