/** Spanish words for reading requests. */
import type { Lexicon } from "./lexicon.ts";

export const spanishWords: Lexicon = {
  common:
    "el, la, los, las, un, una, unos, del, de, y, o, es, son, en, con, sin, por, para, que, cuando, si, no, al, se, lo, su, sus, este, esta, esto, como, pero, debe, deben, deberia, lugar, vez, hay, hacer, nuestro, nuestra, favor, mas, todo, toda, todos, todas, le, cada, ya, y",
  letters: "ñ¿¡",
  headings:
    "criterios de aceptación, criterio de aceptación, criterios, requisitos, terminado cuando, resultado esperado, comportamiento esperado, esperado",
  words: {
    fix: "arregl*, correg*, corrig*, corrij*, correcci*, repar*, resolv*, resuelv*, soluciona*, bug, bugs, depur*, fallo, error",
    add: "añad*, agreg*, cre*, implement*, introduc*, introduzc*, soport*, permit*, mostr*, muestr*, expon*, acept*, escrib*, devuelv*, devolv*, manej*, gener*, registr*, valid*, incluy*, incluir, ordena*, haz, hacer, pon, poner, rechaz*, export*, dar, da, habilit*",
    rename: "renombr*, cambia* el nombre, cambiar de nombre, cambi* de nombre",
    remove: "elimin*, borra*, quita*, suprim*, remuev*, remov*, desinstal*, retir*, saca*",
    upgrade: "actualiz*, sube, subir, subamos, upgrad*, bump*, migr*, update",
    refactor:
      "refactor*, reestructur*, extra*, divid*, separ*, simplific*, fusion*, desacopl*, conviert*, convert*, reescrib*, reorganiz*, transform*, limpia*, factoriz*, unific*",
    document: "document*, describ*, explic*, menciona*",
    speed:
      "más rápid*, aceler*, rendimiento, optimiz*, lent*, latencia, velocidad, tiempo de carga, benchmark*, tarda*",
    set: "establec*, defin*, ajust*, aument*, reduc*, reduzc*, baja*, disminuy*, cambi*, configur*, activ*, desactiv*, habilit*, deshabilit*, limit*, pon, poner, sube, subir, fija*, eleva*",
    replace: "reemplaz*, remplaz*, sustitu*, usa, usar, utiliz*, cambi*, conviert*, convert*, intercambi*, migr*",
    move: "muev*, mover, mov*, traslad*, extra*, saca*",
    testNoun:
      "test, tests, prueba, pruebas, testea*, prueba unitaria, cobertura, caso de prueba, casos de prueba, prueba de regresión, cubr*",
    docNoun:
      "readme, documentación, docs, changelog, comentario*, sección, capítulo, guía, docstring*, jsdoc, tutorial, apartado",
    dependency: "dependencia*, paquete*, biblioteca*, librería*, versión, versiones, lockfile",
    typo: "errata*, typo*, error tipográfico, errores tipográficos, ortograf*, falta de ortografía, error de escritura, mal escrito",
    expected:
      "debe, deben, debería, deberían, espera*, esper*, en lugar de, en vez de, para que, de modo que, de forma que, tiene que, tienen que, hay que, se supone, debiera, quiero que, queremos que, lo correcto, tendría que",
    contrast:
      "pero, en lugar, en vez, aunque, sin embargo, mientras, actualmente, en realidad, ahora, hoy, por ahora, todavía, sigue, aún, sino, recib*, obten*, ahora mismo, queda, se queda",
    symptom:
      "fall*, crash*, lanza*, cuelga*, cuelg*, congel*, error*, mal, incorrect*, equivocad*, excepción, falta*, dos veces, duplica*, doble, nunca, ignora*, pierd*, perdid*, vací*, truncad*, corta*, devuelv*, muestra*, empieza*, comienza*, no encontrad*, undefined, nan, timeout, rojo, rompe*, revienta, bloque*, se cae, fuga*, para",
    broken:
      "roto, rota, rotos, no funciona, no va, no anda, no sirve, funciona mal, raro, rara, extraño, bug, bugs, problema*, fallo, fallos, errores, va mal, falla, dejó de funcionar, buguead*",
    condition:
      "cuando, si, al, en cuanto, tras, antes, después, durante, hasta que, salvo, a menos que, en caso, mientras, una vez, entonces, si no, cada vez, por defecto",
    observable:
      "devuelv*, devolv*, retorn*, imprim*, muestr*, mostr*, sal*, termin*, lanz*, registr*, rechaz*, acept*, conten*, contien*, list*, orden*, redonde*, ignor*, conserv*, manten*, mantien*, salt*, guard*, almacen*, envi*, abr*, cierr*, escrib*, lee*, respond*, coincid*, aparec*, aparezc*, desaparec*, desactiv*, activ*, visible*, ocult*, redirig*, redirij*, trunc*, deten*, deteng*, inici*, fall*, pas*, elimin*, borr*, cre*, advier*, avis*, cuent*, cont*, escap*, inclu*, pregunt*, pid*, confirm*, esper*, reintent*, limit*, format*, pars*, conviert*, codific*, valid*, enlaz*, dice, dig*, preserv*, agrup*, filtr*, descarg*, qued*, sig*, verde, acompañ*, gener*, indic*, cubr*, usa, usan, usar",
    unchanged:
      "sin cambio de comportamiento, sin cambios de comportamiento, sin cambiar el comportamiento, sin modificar el comportamiento, sin alterar el comportamiento, ningún cambio de comportamiento, comportamiento no cambia, comportamiento no debe cambiar, comportamiento se mantiene, comportamiento igual, mismo comportamiento, comportamiento idéntico, comportamiento intacto, tests existentes, pruebas existentes, api pública no cambia, api pública sin cambios, api sin cambios, la firma no cambia, salida idéntica, salida no cambia, sin tocar, tests siguen pasando, pruebas siguen pasando, tests deben seguir, pruebas deben seguir, sin cambios funcionales, tests actuales, pruebas actuales, siguen en verde, sin cambiar, sin modificar, como hasta ahora, igual que ahora, como está hoy, no se toca, no se tocan",
    limit: "solo, sólo, solamente, únicamente, nada más",
    compare:
      "menos de, más de, al menos, como mínimo, como máximo, máximo, mínimo, a lo sumo, por debajo, por encima, inferior*, superior*, dentro de, max, min, supera*, mitad",
    into: "a, en, por, como",
    vague:
      "mejor*, bonit*, guap*, modern*, limpi*, optimiz*, más rápid*, fluid*, intuitiv*, amigable*, robust*, fiable*, mantenible*, legible*, legibilidad, elegante*, profesional*, bueno, buena, correctamente, adecuadamente, apropiadamente, más simple*, simplific*, sencill*, agradable*, feo, fea, obsolet*, anticuad*, lent*, escalable*, más segur*, eficiente*, flexible*, cool, genial, atractiv*, coherente*, consistente*, refresc*, buenas prácticas, confus*, desordenad*, estable*, lioso, desastre, rediseñ*, al día, de calidad, rendimiento, feas, feos, pulir, pule, más claro, más clara, mas seguro, casos límite, casos extremos, útil, útiles",
    unbounded:
      "todo, todos los bugs, todos los errores, todos los problemas, todos los fallos, toda la aplicación, toda la app, todo el código, toda la base de código, todo el proyecto, toda la web, todo el sistema, por todas partes, en todas partes, en todos lados, todas las páginas, todos los archivos, todos los módulos, todos los componentes, cada página, cada archivo, desde cero, reescrib*, de cero, por completo, completamente, entera, entero, cualquier cosa, de arriba abajo, todos los avisos, todo el repositorio, todos los sitios",
    placeholder:
      "razonable*, apropiad*, adecuad*, sensat*, convenient*, de alguna manera, un poco, un valor adecuado, buen valor, según convenga, si hace falta, si es necesario, cuando sea necesario, como corresponda, tbd, aceptable*, más alt*, más grande*, más baj*, suficiente*, lo que sea, como siempre, conveniente*, pertinente*, sensible*, algo más, un poco más, alguna cosa, vuelva a funcionar, volver a funcionar",
    hedge:
      "quizá, quizás, tal vez, acaso, a lo mejor, o algo, algo así, o similar, o parecido, da igual, como quieras, como prefieras, lo que prefieras, no estoy seguro, podríamos, se podría, creo que, pienso que, supongo, probablemente, posiblemente, algún día, ya veremos, etc, etcétera, y demás, cosas así, tú decides, a tu criterio, ideas, sugerencias, diversos, algunos, algunas, unas cuantas, estaría bien, sería bueno, más o menos, una especie de, algún tipo de, cualquiera, lo que veas, según veas, por decidir, o bien, varios, varias, a veces, de vez en cuando, en ocasiones",
    undecided:
      "no está decidido, sin decidir, no decidimos, no hemos decidido, por decidir, por definir, por determinar, por confirmar, a definir, pendiente de, está pendiente, está definiendo, están definiendo, falta saber, falta definir, falta decidir, no está claro, no queda claro, no sabemos, tampoco sabemos, nadie sabe, ni idea, no estoy seguro, no estamos seguros, da igual, me da igual, lo que veas, la que veas, el que veas, como veas, lo que prefieras, no se ponen de acuerdo, no hay acuerdo, en discusión, se está discutiendo, dudamos, dudo entre, decide tú, decidirá, decidirán, qué opinas, qué te parece, ya veremos, o bien, según se mire, habría que ver, no han dicho, sin definir, sin concretar, sin cerrar, vamos opinando, queda abierto, lo ve mejor, mejor te parezca, no se sabe, por concretar, aún no está, aún no hemos, aún no sabemos, todavía no está, todavía no hemos, todavía no sabemos, todavía los está, aún se está, no sé si, no sé cuál, no sé qué, no sé cómo, hay que decidir, opiniones encontradas, queda por, cuál vale, cuál es la buena, alguien tiene que decidir, en negociación, lo vemos luego, ya se verá",
    deferred:
      "como hablamos, lo que hablamos, hablamos, como acordamos, acordamos, acordado, como quedamos, quedamos, comentamos, lo comentado, como la última vez, la última vez, como ayer, ayer, como antes, como siempre, mencionado, ver arriba, ver abajo, ver ticket, ver el ticket, ver issue, ver enlace, en el ticket, del ticket, el ticket, en la reunión, la reunión, ya sabes, en slack, por slack, por correo, el correo, mi correo, según la spec, el mockup, mockups, la maqueta, figma, captura, adjunta, adjuntos, como se describe, lo que dije, como dije, como el otro, como la otra, esa cosa, feedback, semana pasada, el otro día, lo pedido, como pidió, lo discutido, discutimos, lo que dijo, la llamada, vimos, dijimos, se decidió, dijo, en el adjunto, va adjunto, como dijo, lo que pidió, lo mismo que, haz lo mismo, en la captura, va la captura",
    interrogative:
      "por qué, cómo, qué, cuál, cuáles, quién, dónde, cuándo, cuánto, es posible, hay alguna, hay algún, deberíamos, podemos, se puede, conviene, para qué, existe, funciona",
    inquiry:
      "explic*, dime, investig*, analiz*, estudi*, mira, averigu*, descubr*, revisa si, comprueba si, comprueba por qué, evalu*, compar*, recomiend*, suger*, sugier*, propón, piensa, echa un vistazo, revisa por qué, busca por qué, examin*, discut*, resum*, audit*, decid*, entender, aclara*, verifica si",
    polite: "puedes, podrías, podría, por favor, podéis, te importaría, puede usted, pueden ustedes",
    rest: "demás, otro, otra, otros, otras, resto, existente*, restante*",
    negation: "no, sin, ni, nunca, jamás, ningún, ninguna, en lugar, en vez, excepto, salvo, nada",
    negationAfter: "",
  },
};
