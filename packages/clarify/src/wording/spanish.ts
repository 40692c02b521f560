/** The Spanish texts of clarification's questions. */
import type { Wording } from "./wording.ts";

const defaultCriterion = "un test nuevo falla antes del cambio y pasa después; todos los tests existentes pasan";

export const spanish: Wording = {
  questions: {
    no_acceptance_criteria: {
      text: () =>
        "¿Cómo se sabe que está terminado? Indica algo comprobable: lo que afirma un test, un comando y su salida, o el nombre de un test que falla.",
      choices: [
        "un test existente que falla pasa después; los demás tests quedan como están",
        "el comando indicado imprime el resultado correcto y sale con 0; un test nuevo lo muestra",
      ],
      default: defaultCriterion,
    },
    vague_description: {
      text: (words) =>
        `${words} puede significar muchas cosas. ¿Qué será distinto exactamente, de forma que otros lo vean?`,
      choices: [
        "cambia un comportamiento, y un test nuevo lo muestra: rojo antes, verde después",
        "cambia una salida o un mensaje, y un test compara su texto",
        "el comportamiento no cambia: solo la estructura, y los tests existentes pasan sin tocarlos",
      ],
      default: "cambia un comportamiento, y un test nuevo lo muestra: rojo antes, verde después",
    },
    no_target_surface: {
      text: () =>
        "¿Dónde hay que cambiar? Nombra un archivo, carpeta, función, comando o ruta, p. ej. `lib/cart.js` o `add()`.",
      choices: [
        "los archivos a los que lleva el test nuevo que falla, y los tests; ningún otro archivo",
        "README.md y docs/",
      ],
      default: "los archivos a los que lleva el test nuevo que falla, y los tests; ningún otro archivo",
    },
    unbounded_scope: {
      text: (words) => `${words} no tiene límite. ¿Qué puede cambiar como máximo, y qué queda igual?`,
      choices: [
        "como máximo 10 archivos y 400 líneas cambiadas; lo demás queda como está",
        "solo el primer lugar necesario; los demás serán misiones aparte",
        "como máximo 3 archivos y 100 líneas cambiadas; ninguna interfaz pública cambia",
      ],
      default: "como máximo 10 archivos y 400 líneas cambiadas; lo demás queda como está",
    },
  },
  kinds: {
    fix: {
      ask: "¿Qué pasa ahora, y qué debería pasar?",
      usual: defaultCriterion,
      follows: "lo indicado ya no ocurre y lo esperado sí, un test nuevo lo muestra; todos los tests existentes pasan",
    },
    feature: {
      ask: "¿Qué hace, con qué entrada, y qué se ve?",
      usual: defaultCriterion,
      follows: "se comporta como se describe, un test nuevo lo muestra; todos los tests existentes pasan",
    },
    refactor: {
      ask: "¿Qué estructura debe quedar, y qué no debe cambiar?",
      usual: "el comportamiento no cambia: los tests existentes pasan sin tocarlos",
      follows: "la estructura es la descrita; el comportamiento no cambia y los tests existentes pasan",
    },
    upgrade: {
      ask: "¿Qué dependencia, y qué versión?",
      usual:
        "el manifiesto y el lockfile nombran la versión más reciente de la misma versión mayor; la compilación y los tests existentes pasan",
      follows: "el manifiesto y el lockfile nombran esa versión; la compilación y los tests existentes pasan",
    },
    rename: {
      ask: "¿Cuál es el nombre antiguo, y cuál el nuevo?",
      usual: "el nombre antiguo ya no aparece; todos los tests existentes pasan",
      follows: "el nombre antiguo ya no aparece, salvo donde se pidió; todos los tests existentes pasan",
    },
    removal: {
      ask: "¿Qué se quita exactamente, y qué queda?",
      usual: "ya no está y nada lo menciona; los demás tests pasan",
      follows: "ya no está y nada lo menciona; los demás tests pasan",
    },
    docs: {
      ask: "¿Qué página, qué sección, y qué debe decir?",
      usual: "la página nombra cada opción con su valor por defecto y un ejemplo; no cambia código",
      follows: "la página dice lo pedido, tal como se comporta el código; no cambia código",
    },
    test: {
      ask: "¿Qué comportamiento y qué casos deben cubrir los tests?",
      usual: "cada test nuevo pasa, y falla si se quita el comportamiento que cubre",
      follows: "los tests pedidos existen y pasan, y cada uno falla si se rompe lo que cubre",
    },
    perf: {
      ask: "¿Qué se mide, cómo, y qué valor hay que alcanzar?",
      usual:
        "un benchmark del repositorio muestra al menos un 20 % menos de tiempo; resultados idénticos y tests existentes en verde",
      follows: "se alcanza el valor medido con resultados idénticos; todos los tests existentes pasan",
    },
    config: {
      ask: "¿Qué ajuste, y qué valor?",
      usual: "el ajuste tiene el valor nombrado, y ningún otro cambia",
      follows: "el ajuste tiene exactamente ese valor donde se nombró, y ningún otro cambia",
    },
    chore: {
      ask: "¿Qué es distinto después en el repositorio?",
      usual: defaultCriterion,
      follows: "cambia exactamente lo pedido; todos los tests existentes pasan",
    },
  },
  why: {
    no_acceptance_criteria: () => "no se nombra ningún resultado comprobable",
    vague_description: (words) => `${words} puede significar muchas cosas`,
    no_target_surface: () => "no se nombra ningún archivo, carpeta, función, comando o ruta",
    unbounded_scope: (words) => `${words} no tiene límite`,
  },
  inPlace: (place) => `${place} y sus tests`,
  asStated:
    "hecho cuando se cumple exactamente lo que dice la propia petición; donde cambia el comportamiento, lo muestra una prueba que antes falla; las pruebas existentes pasan",
  understood: (follows, request) => `entendido: ${follows} (${request})`,
  drafted: (text) => `borrador: ${text}`,
  draftQuestions: {
    title: "¿Qué será diferente?",
    place: "¿Dónde?",
    criteria: "¿Cómo sabremos que está hecho?",
    test: "¿Cómo podría mostrarlo una prueba?",
  },
  whatChanges: "¿Qué debe cambiar antes de empezar el trabajo?",
  example: {
    ofFunction: (name) => `Por ejemplo: «${name}(…) devuelve … en lugar de …, y una prueba nueva lo muestra».`,
    ofRequest: (request) => `Por ejemplo, para «${request}»: «… muestra … en lugar de …».`,
  },
  again: "La respuesta habitual por sí sola no dice qué debe ser distinto aquí.",
  isQuestion:
    "esto es una pregunta, y una misión cambia código: di qué debe cambiar, o pregúntalo en otro sitio; para tener la respuesta por escrito, pide una página («explica en docs/parse.md por qué …»)",
  quote: (words) => words.map((word) => `«${word}»`).join(", "),
  found: {
    failingTest: (sentence) => `el test que falla pasa después del cambio, y no se modifica: ${sentence}`,
    reproduction: (command) =>
      `después del cambio este comando ya no muestra el fallo, y un test nuevo lo cubre: ${command}`,
  },
  refused: {
    empty: "la respuesta está vacía",
    long: (charactersMax) => `la respuesta supera ${charactersMax} caracteres`,
    placeholder: (text) => `«${text}» no dice nada comprobable`,
    short: (widthMin) => `demasiado corto para comprobarlo: al menos ${widthMin} caracteres`,
    vague: (words) => `${words} es impreciso: di qué vería un test, un comando o un lector`,
    noPlace: "no nombra ningún lugar: archivo, carpeta, función, comando o ruta, p. ej. `lib/cart.js` o `add()`",
    unbounded: (words) => `${words} sigue sin límite: di qué puede cambiar como máximo`,
    reference: "aquí no se puede leer un enlace ni un número de ticket: escribe lo que pide",
  },
  document: {
    criteria: "Criterios de aceptación",
    ownCriterion: "por defecto de aedev, porque no se dio ninguno",
    notChecked: "En ningún criterio, así que nadie lo comprueba",
    answers: "Preguntas y respuestas",
    score: (score) => `Ambigüedad: ${score} de 100`,
    repository: "Repositorio",
  },
};
