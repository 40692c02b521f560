/** French words for reading requests. */
import type { Lexicon } from "./lexicon.ts";

export const frenchWords: Lexicon = {
  common:
    "le, la, les, un, une, des, du, de, d, l, et, ou, est, sont, dans, sur, pour, par, avec, sans, que, qui, quand, si, ne, pas, au, aux, en, ce, cette, il, elle, on, nous, notre, se, s, n, a, plus, doit, doivent, lieu, pourquoi, comment, cela, ca, c, j, je, faire, tout, toute, toutes, tous, merci, vous",
  letters: "êèëîïôùûœçàâ",
  headings:
    "critères d'acceptation, critère d'acceptation, critères, exigences, terminé quand, résultat attendu, comportement attendu, attendu",
  words: {
    fix: "corrig*, correction, répar*, résou*, résol*, bug, bugs, débogu*, fixer, rectifi*, anomalie*",
    add: "ajout*, crée*, créer, création, implément*, introdui*, support*, prend* en charge, prise en charge, permet*, fourni*, affich*, montr*, expos*, accept*, écri*, renvo*, gér*, génér*, enregistr*, valid*, propos*, inclu*, trier, trie, fais, faire, mets, mettre, refus*, rejet*, exporter, exporte",
    rename: "renomm*, rebaptis*",
    remove: "supprim*, suppression, retir*, enlev*, efface*, élimin*, vire, virer, désinstall*, ôte*",
    upgrade:
      "met* à jour, mise à jour, mise à niveau, mont* de version, mont* en version, mettre à niveau, upgrad*, bump*, fige*, épingl*, migr*, montée, monte*, actualis*, update",
    refactor:
      "refactor*, réfactor*, refact*, restructur*, extrai*, extraction, décou*, scind*, sépar*, factoris*, simplifi*, fusionn*, convert*, réécri*, réorganis*, transform*, nettoy*, éclat*, découpl*, dédoublonn*",
    document: "document*, décri*, expliqu*, mentionn*",
    speed: "plus rapide*, accélér*, performance*, optimis*, lent*, latence, vitesse, temps de chargement, benchmark*",
    set: "défini*, règl*, fix*, augment*, rédui*, baiss*, diminu*, chang*, configur*, activ*, désactiv*, limit*, pass*, mets, mettre, port*, relèv*, abaiss*",
    replace: "remplac*, substitu*, échang*, utilis*, chang*, bascul*, convert*",
    move: "déplac*, bouge*, transfér*, extrai*, sorti*, sors",
    testNoun: "test, tests, tester, teste, test unitaire, couverture, cas de test, test de régression, couvrir",
    docNoun:
      "readme, documentation, doc, docs, changelog, commentaire*, section, chapitre, guide, docstring*, jsdoc, tutoriel",
    dependency: "dépendance*, paquet*, package*, bibliothèque*, librairie*, version, lockfile",
    typo: "faute de frappe, fautes de frappe, coquille*, typo*, faute d'orthographe, orthograph*, faute",
    expected:
      "doit, doivent, devrait, devraient, attend*, attendu*, au lieu, plutôt que, afin que, pour que, de sorte que, de façon à, il faut, faut, censé*, est à, devra, serait, on veut, à la place",
    contrast:
      "mais, au lieu, alors que, cependant, pourtant, actuellement, en réalité, en fait, maintenant, aujourd'hui, pour l'instant, encore, toujours, tandis que, or, reçu, obtien*, reste, restent",
    symptom:
      "plant*, crash*, lève*, lance*, échou*, échec, bloqu*, gèle*, erreur*, faux, fausse, incorrect*, exception*, manqu*, deux fois, double*, doublon*, dupliqu*, jamais, ignor*, perd*, perdu*, vide*, tronqu*, renvo*, affich*, commence*, retourn*, introuvable, undefined, nan, timeout, expire*, rouge, ne fonctionne pas, ne marche pas, coup*, fuit*, fuite*, s'arrête",
    broken:
      "cassé*, ne marche pas, ne fonctionne pas, ne marche plus, ne fonctionne plus, marche pas, fonctionne mal, bizarre*, étrange*, bogué*, buggé*, bug, bugs, problème*, souci*, déconne*, marche mal, en panne",
    condition:
      "quand, lorsque, lorsqu, si, dès que, dès qu, avant, après, pendant, sauf si, à moins que, tant que, une fois, au clic, en cas, sinon, à chaque, alors, par défaut, jusqu, dans le cas",
    observable:
      "renvo*, retourn*, affich*, imprim*, montr*, quitt*, sort*, lève*, lance*, journalis*, log*, rejet*, refus*, accept*, contien*, contenir, list*, trie*, tri, arrondi*, ignor*, gard*, conserv*, saut*, stock*, enregistr*, envoi*, envoy*, ouvr*, ferm*, écri*, lit, lire, répond*, correspond*, appara*, dispara*, désactiv*, activ*, visible*, masqu*, redirig*, tronqu*, arrêt*, démarr*, échou*, supprim*, crée*, averti*, échapp*, inclu*, demand*, confirm*, attend*, réessa*, limit*, format*, pars*, convert*, encod*, valid*, pointe*, dit, préserv*, group*, filtr*, télécharg*, reste*, produi*, termin*, code, vert*, accompagn*, génère*, signal*, couvr*, compter",
    unchanged:
      "sans changement de comportement, sans changer le comportement, sans modifier le comportement, aucun changement de comportement, comportement inchangé, comportement identique, comportement ne change pas, comportement reste, comportement ne doit pas changer, à comportement constant, à iso fonctionnalité, iso fonctionnel*, tests existants, api inchangée, api publique inchangée, signature inchangée, sortie inchangée, sortie identique, les tests restent, tests doivent rester, sans toucher, même comportement, tests restent verts, tests passent toujours, sans changement fonctionnel, sans changer, sans modifier, comme avant, inchangé, inchangée, inchangées, inchangés, reste comme",
    limit: "seulement, uniquement, rien d'autre, ne touche pas",
    compare:
      "moins de, moins d, plus de, au moins, au plus, au maximum, au minimum, sous, inférieur*, supérieur*, maximum, minimum, max, min, d'ici, en dessous, au dessus, dépass*, moitié",
    into: "à, en, sur, par, vers",
    vague:
      "amélior*, mieux, meilleur*, joli*, beau, plus beau, modern*, nettoy*, peaufin*, optimis*, plus rapide*, fluide*, intuitif*, intuitiv*, convivial*, ergonomi*, robust*, fiable*, maintenable*, lisible*, lisibilité, élégant*, professionnel*, correctement, proprement, plus simple*, simplifi*, plus clair*, agréable*, moche*, laid*, obsolète*, vieillot*, lent*, scalable*, évolutif*, sécuris*, plus sûr*, performant*, flexible*, cool, attrayant*, sympa*, rafraîch*, revois, refonte, au propre, à jour, bonnes pratiques, confus*, brouillon, bordel, stable*, plaisant*, à niveau, de qualité, soigné*, dépoussiér*, performances, correct, plus propre, rendre propre, bien propre, à revoir, il faut revoir, faut revoir, cas limites, utile, utiles, belle",
    unbounded:
      "partout, toute l'application, toute l'appli, tout le code, tout le projet, toute la base de code, tout le site, l'ensemble du, l'ensemble de, ensemble du code, l'application entière, tous les bugs, toutes les erreurs, tous les problèmes, toutes les pages, tous les fichiers, tous les modules, tous les composants, chaque page, chaque fichier, de zéro, à partir de zéro, réécri*, entièrement, intégralement, n'importe quoi, complètement, tout le système, de fond en comble, tous les avertissements, tout refaire, tout revoir, tout réécrire, tout corriger, tout le front",
    placeholder:
      "raisonnable*, approprié*, adéquat*, convenable*, quelque chose, d'une manière ou d'une autre, un peu, une valeur correcte, bonne valeur, au besoin, si besoin, si nécessaire, comme il faut, comme d'habitude, tbd, sensé*, pertinent*, cohérent*, acceptable*, plus grand*, plus élevé*, plus haut, plus bas, suffisant*, quelconque, un peu plus, un peu moins, remarche*, refonctionne*, marche à nouveau, fonctionne à nouveau, bien adapté, valeur adaptée",
    hedge:
      "peut-être, éventuellement, ou quelque chose, ou similaire, ou autre, ou bien, peu importe, comme tu veux, comme vous voulez, pas sûr, pas certain, on pourrait, pourrait-on, je pense, je crois, je suppose, probablement, sans doute, possiblement, un de ces jours, à voir, etc, ce genre de chose*, à toi de voir, à vous de voir, des idées, suggestions, divers*, à décider, un truc, trucs, ce serait bien, ou pas, plus ou moins, selon toi, au choix, un genre de, une sorte de, ou un truc, n'importe, ton choix, j'hésite, hésit*, parfois, de temps en temps, des fois",
    undecided:
      "pas encore décidé, pas décidé, pas tranché, non tranché, indécis*, à décider, à définir, à convenir, à déterminer, à préciser, à trancher, on ne sait pas, ne sait pas encore, je ne sais pas, ne sais pas encore, ne savons pas, sais pas, personne ne sait, aucune idée, pas sûr, pas certain, peu importe, avis divergent*, pas d'accord, divergen*, en discussion, en attente, hésit*, comme tu préfères, comme tu veux, au choix, à toi de, à vous de, ton avis, votre avis, qu'en penses, on verra, pas clair, pas encore défini, pas encore arrêté, pas arrêté, doit encore, doivent encore, pas encore choisi, n'a pas choisi, pas encore validé, encore à valider, décidera, déciderons, tranchera, débat, selon ce que, ou bien, reste ouvert, flou, flous, reste à décider, reste à définir, reste à voir, pas encore dit, pas encore fixé, quelqu'un doit, qui a raison, laquelle est la bonne, en négociation, on verra plus tard, à vous de dire",
    deferred:
      "comme discuté, comme convenu, convenu, discuté, dont on a parlé, on a parlé, comme la dernière fois, la dernière fois, dernière fois, comme hier, comme avant, comme d'habitude, comme mentionné, voir ci-dessus, voir ci-dessous, voir ticket, voir le ticket, voir l'issue, voir le lien, dans le ticket, du ticket, le ticket, en réunion, la réunion, de la réunion, tu sais, vous savez, dans slack, sur slack, par mail, mon mail, le mail, la spec, les specs, la maquette, maquette*, figma, capture d'écran, pièce jointe, ci-joint*, comme décrit, ce que j'ai dit, comme j'ai dit, pareil que, pareil pour, la même chose, comme l'autre, ce truc, comme demandé, l'autre jour, semaine dernière, comme prévu, ce dont, selon le cahier, le cahier des charges, ce problème, ce bug, le point de ce matin, la discussion, évoqué, vu ensemble, le client veut, le client a dit",
    interrogative:
      "pourquoi, comment, que, quoi, quel, quelle, quels, quelles, qui, où, quand, est-ce, est-ce que, qu'est-ce, y a-t-il, faut-il, peut-on, doit-on, devrait-on, combien, d'où, à quoi, devrions nous, sait-on",
    inquiry:
      "expliqu*, dis-moi, dites-moi, enquêt*, investigu*, analys*, étudi*, regard*, vérifi* si, vérifi* pourquoi, évalu*, compar*, recommand*, suggèr*, propose-moi, réfléchi*, cherche*, examin*, jette*, jeter un oeil, jeter un coup d'oeil, trouve* pourquoi, trouve la cause, comprendre, discut*, résum*, audit*, décid*, peux-tu me dire, fais le point",
    polite:
      "peux-tu, pourrais-tu, pouvez-vous, pourriez-vous, merci de, s'il te plaît, s'il vous plaît, veuillez, on peut, tu peux, vous pouvez",
    rest: "autre*, autres, reste, existant*, restant*",
    negation: "pas, ne, n, aucun, aucune, jamais, sans, au lieu, plutôt que, sauf, ni, rien",
    negationAfter: "",
  },
};
