/** German words for reading requests. */
import type { Lexicon } from "./lexicon.ts";

export const germanWords: Lexicon = {
  common:
    "der, die, das, den, dem, des, ein, eine, einen, einem, einer, und, oder, in, im, ist, sind, soll, sollen, sollte, muss, wird, werden, nicht, mit, von, vom, zu, zum, zur, auf, aus, bei, beim, wenn, wir, unser, bitte, statt, fur, nach, als, an, am, es, sich, uns, durch, ohne, kein, keine, warum, wie, was, alle, nur",
  letters: "äöüß",
  headings:
    "abnahmekriterien, akzeptanzkriterien, kriterien, anforderungen, fertig wenn, erledigt wenn, erwartetes verhalten, erwartetes ergebnis, erwartet",
  words: {
    fix: "fix*, reparier*, beheb*, behoben, korrigier*, bug, fehler, bugfix, beseitig*, ausbessern",
    add: "füg*, hinzufüg*, hinzu, ergänz*, erstell*, anleg*, leg*, implementier*, einführ*, führ*, unterstütz*, ermöglich*, bau*, einbau*, zeig*, anzeig*, erlaub*, gib, ausgeb*, schreib*, akzeptier*, logg*, protokollier*, lass*, biet*, erzeug*, aktivier*, validier*, prüf*, mach*, lehn*, verweiger*, sortier*",
    rename: "umbenenn*, benenn*, umbenannt, umbenennung, umbenennen, heißt künftig",
    remove:
      "entfern*, lösch*, streich*, wirf, rauswerf*, schmeiß*, deinstallier*, nimm, abschaff*, ausbau*, weg, loswerden, los werden, kann weg, können weg, fliegt raus, rausnehm*, rausschmeiß*",
    upgrade: "aktualisier*, update, updat*, upgrad*, heb*, anheb*, hochzieh*, zieh*, bump*, pinn*, downgrad*, migrier*",
    refactor:
      "refaktor*, refactor*, umstrukturier*, extrahier*, auslager*, lager*, aufteil*, teil*, zerleg*, vereinfach*, zusammenführ*, entkoppel*, umbau*, umstell*, umschreib*, konvertier*, wandl*, umwandel*, aufräum*, räum*, überarbeit*",
    document: "dokumentier*, beschreib*, erklär*, erläuter*, erwähn*",
    speed:
      "schneller, beschleunig*, performance, optimier*, langsam*, latenz, performant*, geschwindigkeit, ladezeit, speicherverbrauch",
    set: "setz*, stell*, erhöh*, senk*, verringer*, reduzier*, änder*, konfigurier*, aktivier*, deaktivier*, schalt*, begrenz*, leg*, verkürz*, verlänger*",
    replace: "ersetz*, tausch*, austausch*, ablös*, lös*, umstell*, verwend*, nutz*, benutz*, wechsel*, änder*, stell*",
    move: "verschieb*, verschob*, beweg*, verleg*, auslager*, zieh*, umzieh*, extrahier*",
    testNoun:
      "test, tests, testfall, testfälle, unittest*, unit-test*, regressionstest*, testabdeckung, abdeckung, coverage, getestet, testen",
    docNoun:
      "readme, doku, dokumentation, docs, changelog, kommentar*, abschnitt*, kapitel, anleitung, docstring*, handbuch, jsdoc",
    dependency: "abhängigkeit*, dependency, dependencies, paket, pakete, bibliothek*, version, versionen, lockfile",
    typo: "tippfehler*, rechtschreib*, schreibfehler*, vertipper, typo*, verschrieben, falsch geschrieben",
    expected:
      "soll, sollen, sollte, sollten, muss, müssen, müsste, erwart*, statt, anstatt, stattdessen, damit, so dass, sodass, richtig wäre, korrekt wäre, darf, dürfen, anstelle, gehört, so drucken, hätten gern, hätte gern, künftig, nur noch",
    contrast:
      "aber, statt, anstatt, stattdessen, obwohl, jedoch, während, derzeit, aktuell, momentan, zurzeit, tatsächlich, jetzt, heute, noch immer, trotzdem, sondern, dennoch, bisher, bekomme, kommt, bleibt, weiterhin",
    symptom:
      "absturz*, abstürz*, stürzt, crash*, wirft, werfen, geworfen, schläg*, fehlschläg*, fehlgeschlagen, hängt, hängen, friert, fehler*, falsch*, exception, fehlt, fehlen, doppelt*, zweimal, verdoppel*, nie, ignorier*, verlier*, verloren, leer*, abgeschnitten, überläuf*, liefert, gibt, zeigt, beginnt, startet, endet, bricht, ausnahme, nicht gefunden, undefined, nan, timeout, rot, scheitert",
    broken:
      "kaputt, defekt, funktioniert nicht, geht nicht, tut nicht, klappt nicht, läuft nicht, spinnt, komisch, seltsam, merkwürdig, fehlerhaft, probleme, problem, bugs, fehler, hakt, streikt, buggy",
    condition:
      "wenn, falls, sobald, bevor, nachdem, vor dem, nach dem, während, beim, bei, solange, sofern, ansonsten, sonst, andernfalls, jedes mal, dann, standardmäßig, pro, seit",
    observable:
      "zurückgib*, zurückgeb*, gibt, geben, ausgib*, ausgeb*, druck*, zeig*, anzeig*, angezeigt, erschein*, beend*, endet, wirft, werfen, logg*, protokollier*, ablehn*, abgelehnt, lehnt, verweiger*, akzeptier*, enthält, enthalten, enthalte, list*, auflist*, sortier*, rund*, ignorier*, behält, behalten, bleib*, überspring*, speicher*, gespeichert, send*, öffn*, schließ*, render*, schreib*, lies*, liest, antwort*, entsprich*, verschwind*, deaktivier*, aktivier*, sichtbar, versteck*, ausgeblendet, leitet, weiterleit*, abschneid*, kürz*, stopp*, start*, lösch*, entfern*, erzeug*, leg*, warn*, zähl*, escap*, liefer*, verwend*, frag*, nachfrag*, bestätig*, wart*, wiederhol*, begrenz*, formatier*, pars*, kodier*, validier*, prüf*, verlink*, meld*, gruppier*, filter*, herunterlad*, melden, nutzt, nimmt, läuft, besteht, grün, steht, stehen, abdeck*",
    unchanged:
      "ohne verhaltensänderung*, verhalten bleibt, verhalten unverändert, verhalten ändert sich nicht, verhalten darf sich nicht, ohne das verhalten, ohne am verhalten, keine verhaltensänderung*, keine funktionale*, bestehende tests, bestehenden tests, vorhandene tests, vorhandenen tests, tests bleiben grün, tests laufen weiter, tests unverändert, gleiches verhalten, gleiche verhalten, api unverändert, schnittstelle unverändert, schnittstelle bleibt, signatur bleibt, ausgabe unverändert, ausgabe bleibt, öffentliche api bleibt, aufrufer bleiben, tests weiterhin, alle tests bleiben, wie bisher, bleibt alles, bleibt unverändert, unverändert, ohne änderung",
    limit: "nur, ausschließlich, sonst nichts, nichts anderes, mehr nicht",
    compare:
      "unter, höchstens, mindestens, weniger als, mehr als, maximal, minimal, nicht mehr als, innerhalb, max, min, unterhalb, halb*",
    into: "auf, in, durch, zu",
    vague:
      "verbesser*, besser*, schön*, hübsch*, modern*, sauber*, aufräum*, räum*, polier*, optimier*, schneller, flott*, flüssig*, intuitiv*, benutzerfreundlich*, nutzerfreundlich*, robust*, zuverlässig*, wartbar*, lesbar*, elegant*, professionell*, ordentlich*, vernünftig*, anständig*, sinnvoll*, einfacher, vereinfach*, übersichtlich*, ansprechend*, zeitgemäß*, frisch*, hässlich*, unübersichtlich*, chaotisch*, veraltet*, langsam*, skalierbar*, skalier*, sicherer, performant*, effizient*, flexibel, flexibler, toll, cool, verständlich*, überarbeit*, aufhübsch*, aufpolier*, optisch, gefällig*, angenehm*, zukunftssicher*, attraktiv*, vernünftig*, passend*, schicker, schick, stabiler, stabil, performance, nervt, verwirrend*, unschön*, best practices, aufgeräumt*, sexy, auf vordermann, auf den neuesten stand, stand der technik, randfälle*, grenzfälle*, hilfreich*, nützlich*",
    unbounded:
      "alles, überall, ganze app, ganze anwendung, ganze projekt, ganzen code, ganze codebasis, gesamte app, gesamte anwendung, gesamte codebasis, gesamten code, gesamte projekt, gesamtes projekt, gesamten codebasis, gesamte system, kompletten code, komplette app, komplette anwendung, komplette codebasis, ganzen codebasis, ganzen app, ganzen projekt, komplett, sämtliche, von grund auf, neu schreiben, umschreiben, alle fehler, alle bugs, alle probleme, alle seiten, alle module, alle dateien, alle komponenten, jede datei, jede seite, irgendwas, wo immer, alle stellen, aller fehler, allen stellen, von null, von vorne, ganze system, ganze ding, alle warnungen, ganze website, komplette ui, ganze ui, allen seiten",
    placeholder:
      "sinnvoll*, vernünftig*, angemessen*, geeignet*, passend*, irgendwie, irgendwas, irgendein*, ein bisschen, ein wenig, brauchbar*, akzeptabl*, wie üblich, nach bedarf, bei bedarf, wo nötig, falls nötig, tbd, guter wert, guten wert, richtigen wert, niedriger, genug, gescheit*, ordentlich*, aussagekräftig*, etwas höher, ein bisschen höher, etwas mehr, höher setzen, runter, wieder funktioniert, wieder geht, wieder läuft, wieder tut",
    hedge:
      "vielleicht, eventuell, evtl, oder so, oder ähnlich*, oder vielleicht, oder auch, je nachdem, was auch immer, egal, nicht sicher, könnte man, könnten wir, entweder, ich glaube, ich denke, ich schätze, wahrscheinlich, vermutlich, möglicherweise, mal sehen, mal schauen, irgendwann, usw, und so weiter, etc, sowas, so etwas, deine wahl, entscheide du, such dir, überleg*, ideen, vorschläge, wäre schön, wäre gut, noch offen, noch unklar, gegebenenfalls, ggf, diverse, ein paar, oder was, manchmal, gelegentlich, hin und wieder, ab und zu",
    undecided:
      "noch nicht entschieden, nicht entschieden, unentschieden, noch offen, noch unklar, unklar, noch nicht klar, nicht klar, noch nicht fest, steht noch nicht, noch nicht festgelegt, müsste noch, wissen wir nicht, weiß ich nicht, weiß nicht, weiß noch nicht, weiß niemand, weiß keiner, keine ahnung, nicht sicher, entweder, meinungen, uneinig, nicht einig, gehen auseinander, entscheide du, zu klären, geklärt, ist mir egal, such dir aus, was meinst du, was denkst du, was du denkst, was du für, wie du meinst, wie sie meinen, zu entscheiden, in abstimmung, überlegen noch, hin und her, später entscheiden, mal sehen, wohl noch, wenn es sich lohnt, außer es lohnt, bin für alles offen, definiert noch, noch definieren, offen gelassen, schwanken, streiten, können uns nicht, noch jemand entscheiden, muss noch jemand, muss noch entschieden, wird noch entschieden, wird noch geklärt, noch abgestimmt, noch zu klären, ist egal, das entscheiden, entscheidet noch, jemand entscheiden, wer recht hat, welche gilt, welcher gilt, in verhandlung, sehen wir dann, sehen wir später",
    deferred:
      "wie besprochen, besprochen, wie abgesprochen, abgesprochen, wie vereinbart, vereinbart, wie letztes mal, letztes mal, wie gestern, wie vorher, wie früher, wie gehabt, wie immer, wie erwähnt, siehe oben, siehe unten, siehe ticket, siehe issue, siehe link, im ticket, laut ticket, im issue, im meeting, aus dem meeting, wie üblich, du weißt schon, weißt schon, im slack, per mail, in der mail, die mail, meine mail, laut spec, im mockup, mockup, mockups, figma, im anhang, angehängt, wie beschrieben, was ich gesagt, hat gesagt, der kunde, kunde will, genauso wie, wie beim anderen, das gleiche, dasselbe, diese sache, das ding, wie gewünscht, reviewer, letzten sprint, letzte woche, letzten woche, neulich, im chat, im protokoll, das bewusste, in der besprechung, wie im alten, im call, gesprochen, wie die andere*, ticket steht, seit gestern, im feedback, laut konzept, der screenshot, anbei, im screenshot, siehe bild",
    interrogative:
      "warum, wieso, weshalb, wie, was, welche, welcher, welches, wer, wo, wann, ist, sind, gibt es, hat, haben, kann man, sollen wir, sollten wir, soll ich, können wir, macht, wird, werden, woher, wozu, wofür, funktioniert",
    inquiry:
      "erklär*, sag mir, untersuch*, analysier*, finde heraus, herausfinden, schau*, sieh dir, guck*, prüf* ob, prüf* warum, evaluier*, bewert*, vergleich*, empfiehl, empfehl*, schlag*, überleg*, zeig mir wie, recherchier*, diskutier*, klär*, denk*, beurteil*, sichte",
    polite: "kannst du, könntest du, würdest du, können sie, könnten sie, bitte, magst du, kann jemand, könnt ihr",
    rest: "andere*, anderes, rest, restliche*, übrige*, bestehende*, vorhandene*, sonst, sonstige*, weitere*",
    negation: "nicht, kein, keine, keinen, keiner, keines, nie, niemals, ohne, statt, anstatt, außer, weder, nichts",
    negationAfter: "",
  },
};
