/** The French texts of clarification's questions. */
import type { Wording } from "./wording.ts";

const defaultCriterion =
  "un nouveau test échoue avant la modification et passe après ; tous les tests existants passent";

export const french: Wording = {
  questions: {
    no_acceptance_criteria: {
      text: () =>
        "À quoi reconnaît-on que c'est terminé ? Donnez quelque chose de vérifiable : ce qu'un test affirme, une commande et sa sortie, ou le nom d'un test qui échoue.",
      choices: [
        "un test existant qui échoue passe après ; les autres tests restent comme ils sont",
        "la commande signalée affiche le bon résultat et se termine par 0 ; un nouveau test le montre",
      ],
      default: defaultCriterion,
    },
    vague_description: {
      text: (words) =>
        `${words} peut vouloir dire bien des choses. Qu'est-ce qui sera différent, de façon visible pour d'autres ?`,
      choices: [
        "un comportement change, et un nouveau test le montre : rouge avant, vert après",
        "une sortie ou un message change, et un test en compare le texte",
        "le comportement reste : seule la structure change, et les tests existants passent sans modification",
      ],
      default: "un comportement change, et un nouveau test le montre : rouge avant, vert après",
    },
    no_target_surface: {
      text: () =>
        "Où faut-il modifier ? Nommez un fichier, un dossier, une fonction, une commande ou une route, p. ex. `lib/cart.js` ou `add()`.",
      choices: [
        "les fichiers auxquels mène le nouveau test qui échoue, et les tests ; aucun autre fichier",
        "README.md et docs/",
      ],
      default: "les fichiers auxquels mène le nouveau test qui échoue, et les tests ; aucun autre fichier",
    },
    unbounded_scope: {
      text: (words) => `${words} n'a pas de limite. Que peut-on modifier au plus, et qu'est-ce qui ne change pas ?`,
      choices: [
        "au plus 10 fichiers et 400 lignes modifiées ; le reste ne change pas",
        "seulement le premier endroit nécessaire ; les autres deviennent des missions à part",
        "au plus 3 fichiers et 100 lignes modifiées ; aucune interface publique ne change",
      ],
      default: "au plus 10 fichiers et 400 lignes modifiées ; le reste ne change pas",
    },
  },
  kinds: {
    fix: {
      ask: "Que se passe-t-il maintenant, et que devrait-il se passer ?",
      usual: defaultCriterion,
      follows:
        "ce qui a été signalé ne se produit plus et ce qui était attendu se produit, un nouveau test le montre ; tous les tests existants passent",
    },
    feature: {
      ask: "Que fait-elle, pour quelle entrée, et que voit-on ?",
      usual: defaultCriterion,
      follows: "le comportement est celui décrit, un nouveau test le montre ; tous les tests existants passent",
    },
    refactor: {
      ask: "Quelle structure faut-il obtenir, et que faut-il garder ?",
      usual: "le comportement reste : les tests existants passent sans modification",
      follows: "la structure est celle décrite ; le comportement reste et les tests existants passent",
    },
    upgrade: {
      ask: "Quelle dépendance, et quelle version ?",
      usual:
        "le manifeste et le lockfile nomment la version la plus récente de la même version majeure ; la compilation et les tests existants passent",
      follows: "le manifeste et le lockfile nomment cette version ; la compilation et les tests existants passent",
    },
    rename: {
      ask: "Quel est l'ancien nom, et quel est le nouveau ?",
      usual: "l'ancien nom n'apparaît plus ; tous les tests existants passent",
      follows: "l'ancien nom n'apparaît plus, sauf là où c'est demandé ; tous les tests existants passent",
    },
    removal: {
      ask: "Qu'est-ce qui disparaît exactement, et qu'est-ce qui reste ?",
      usual: "c'est retiré et rien n'y renvoie ; les autres tests passent",
      follows: "c'est retiré et rien n'y renvoie ; les autres tests passent",
    },
    docs: {
      ask: "Quelle page, quelle section, et que doit-elle dire ?",
      usual: "la page nomme chaque option avec sa valeur par défaut et un exemple ; aucun code ne change",
      follows: "la page dit ce qui est demandé, tel que le code se comporte ; aucun code ne change",
    },
    test: {
      ask: "Quel comportement et quels cas les tests doivent-ils couvrir ?",
      usual: "chaque nouveau test passe, et échoue si le comportement couvert est retiré",
      follows: "les tests demandés existent et passent, et chacun échoue si ce qu'il couvre est cassé",
    },
    perf: {
      ask: "Que mesure-t-on, comment, et quelle valeur faut-il atteindre ?",
      usual:
        "un benchmark du dépôt montre au moins 20 % de temps en moins ; résultats identiques, tests existants verts",
      follows: "la valeur mesurée est atteinte avec des résultats identiques ; tous les tests existants passent",
    },
    config: {
      ask: "Quel réglage, et quelle valeur ?",
      usual: "le réglage a la valeur nommée, et aucun autre ne change",
      follows: "le réglage a exactement cette valeur à l'endroit nommé, et aucun autre ne change",
    },
    chore: {
      ask: "Qu'est-ce qui est différent dans le dépôt ensuite ?",
      usual: defaultCriterion,
      follows: "exactement ce qui est demandé est modifié ; tous les tests existants passent",
    },
  },
  why: {
    no_acceptance_criteria: () => "aucun résultat vérifiable n'est nommé",
    vague_description: (words) => `${words} peut vouloir dire bien des choses`,
    no_target_surface: () => "aucun fichier, dossier, fonction, commande ou route n'est nommé",
    unbounded_scope: (words) => `${words} n'a pas de limite`,
  },
  inPlace: (place) => `${place} et ses tests`,
  asStated:
    "terminé quand est vrai exactement ce que la demande énonce elle-même ; là où le comportement change, un test qui échouait avant le montre ; les tests existants passent",
  understood: (follows, request) => `compris : ${follows} (${request})`,
  drafted: (text) => `proposé par l'agent : ${text}`,
  draftQuestions: {
    title: "Qu'est-ce qui sera différent ?",
    place: "Où ?",
    criteria: "À quoi verra-t-on que c'est fait ?",
    test: "Comment un test pourrait-il le montrer ?",
  },
  whatChanges: "Que faut-il changer avant de commencer le travail ?",
  example: {
    ofFunction: (name) => `Par exemple : « ${name}(…) renvoie … au lieu de …, et un nouveau test le montre ».`,
    ofRequest: (request) => `Par exemple, pour « ${request} » : « … affiche … au lieu de … ».`,
  },
  again: "La réponse habituelle seule ne dit pas ce qui doit être différent ici.",
  isQuestion:
    "c'est une question, et une mission modifie du code : dites ce qui doit changer, ou posez la question ailleurs ; pour une réponse écrite, demandez une page (« expliquer dans docs/parse.md pourquoi … »)",
  quote: (words) => words.map((word) => `« ${word} »`).join(", "),
  found: {
    failingTest: (sentence) =>
      `le test qui échoue passe après la modification, et n'est pas modifié lui-même : ${sentence}`,
    reproduction: (command) =>
      `après la modification cette commande ne montre plus le défaut, et un nouveau test le couvre : ${command}`,
  },
  refused: {
    empty: "la réponse est vide",
    long: (charactersMax) => `la réponse dépasse ${charactersMax} caractères`,
    placeholder: (text) => `« ${text} » ne dit rien de vérifiable`,
    short: (widthMin) => `trop court pour être vérifié : au moins ${widthMin} caractères`,
    vague: (words) => `${words} est vague : dites ce qu'un test, une commande ou un lecteur verrait`,
    noPlace:
      "aucun endroit n'est nommé : fichier, dossier, fonction, commande ou route, p. ex. `lib/cart.js` ou `add()`",
    unbounded: (words) => `${words} n'a toujours pas de limite : dites ce qui peut changer au plus`,
    reference: "un lien ou un numéro de ticket ne peut pas être lu ici : écrivez ce qui y est demandé",
  },
  document: {
    criteria: "Critères d'acceptation",
    ownCriterion: "par défaut d'aedev, car aucun n'a été donné",
    notChecked: "Dans aucun critère, donc personne ne le vérifie",
    answers: "Questions et réponses",
    score: (score) => `Ambiguïté : ${score} sur 100`,
    repository: "Dépôt",
  },
};
