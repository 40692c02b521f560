/** Portuguese words for reading requests. */
import type { Lexicon } from "./lexicon.ts";

export const portugueseWords: Lexicon = {
  common:
    "o, a, os, as, um, uma, uns, do, da, dos, das, de, e, ou, em, no, na, nos, nas, com, sem, por, para, pelo, pela, que, quando, se, nao, ao, aos, seu, sua, este, esta, isto, como, mas, deve, devem, deveria, vez, ha, fazer, nosso, nossa, favor, mais, tudo, todo, toda, todos, todas, ele, ela, foi, esta, sao, ser, voce, pra, cada, ja",
  letters: "ãõçâê",
  headings:
    "critérios de aceitação, critérios de aceite, critérios, requisitos, pronto quando, resultado esperado, comportamento esperado, esperado",
  words: {
    fix: "corrig*, corrij*, correç*, conserta*, consert*, arrum*, repar*, resolv*, soluciona*, bug, bugs, depur*, falha, erro",
    add: "adicion*, acrescent*, cri*, implement*, introduz*, suport*, permit*, mostr*, exib*, expo*, aceit*, escrev*, retorn*, devolv*, trat*, ger*, registr*, valid*, inclu*, ordena*, faça, faz, fazer, coloc*, coloqu*, rejeit*, recus*, export*, habilit*, inser*, insir*",
    rename: "renome*, mud* o nome, troc* o nome, alter* o nome",
    remove: "remov*, elimin*, exclu*, apag*, delet*, tir*, retir*, desinstal*, descart*",
    upgrade: "atualiz*, upgrad*, bump*, suba, subir, fix* na versão, migr*, update, sub* para",
    refactor:
      "refator*, reestrutur*, extra*, divid*, separ*, simplific*, mescl*, desacopl*, convert*, reescrev*, reorganiz*, transform*, limp*, fator*, quebr*, unific*",
    document: "document*, descrev*, expli*, mencion*",
    speed:
      "mais rápid*, aceler*, desempenho, performance, otimiz*, lent*, latência, velocidade, tempo de carregamento, benchmark*, demor*",
    set: "defin*, ajust*, aument*, reduz*, baix*, diminu*, mud*, alter*, configur*, ativ*, desativ*, habilit*, desabilit*, limit*, coloc*, coloqu*, suba, subir, elev*, estabele*, troc*",
    replace: "substitu*, troc*, usa, usar, use, utiliz*, mud*, convert*, migr*",
    move: "mov*, mova, transfer*, transfir*, extra*, tir*, realoc*",
    testNoun:
      "teste, testes, testa*, teste unitário, cobertura, caso de teste, casos de teste, teste de regressão, cobr*, cubr*, test, tests",
    docNoun:
      "readme, documentação, docs, changelog, comentário*, seção, secção, capítulo, guia, docstring*, jsdoc, tutorial",
    dependency: "dependência*, pacote*, biblioteca*, versão, versões, lockfile",
    typo: "erro de digitação, erros de digitação, typo*, ortograf*, erro de ortografia, gralha*, erro de escrita, escrito errado",
    expected:
      "deve, devem, deveria, deveriam, espera*, esper*, em vez de, ao invés de, no lugar, para que, de modo que, de forma que, tem que, tem de, precisa, precisam, é para, era para, quero que, queremos que, o correto, teria que",
    contrast:
      "mas, em vez, ao invés, embora, porém, contudo, enquanto, atualmente, na verdade, agora, hoje, por enquanto, ainda, continua, no entanto, recebo, vem, fica, segue",
    symptom:
      "falh*, crash*, lança*, trava*, trav*, congela*, erro*, errad*, incorret*, exceção, falta*, duas vezes, duplic*, dobro, em dobro, nunca, ignora*, perd*, vazi*, truncad*, corta*, retorn*, mostra*, exibe, começa*, não encontrad*, undefined, nan, timeout, vermelho, quebra*, estoura*, bloque*, cai, vaza*",
    broken:
      "quebrad*, não funciona, não está funcionando, não anda, não vai, funciona mal, estranh*, esquisit*, bug, bugs, bugad*, problema*, falha, falhas, erros, com defeito, parou de funcionar, dando erro, com erro",
    condition:
      "quando, se, ao, assim que, após, antes, depois, durante, até que, salvo, a menos que, em caso, enquanto, caso, uma vez, então, senão, cada vez, por padrão, por omissão",
    observable:
      "retorn*, devolv*, imprim*, mostr*, exib*, sai*, sair, termin*, lanç*, registr*, loga*, rejeit*, recus*, aceit*, cont*, list*, orden*, arredond*, ignor*, mant*, conserv*, pul*, salv*, guard*, armazen*, envi*, abr*, fech*, escrev*, lê, ler, respond*, correspond*, aparec*, apareç*, desaparec*, desativ*, ativ*, visíve*, ocult*, escond*, redirecion*, trunc*, par*, inici*, falh*, pass*, remov*, apag*, cri*, avis*, escap*, inclu*, pergunt*, ped*, confirm*, esper*, limit*, format*, pars*, convert*, codific*, valid*, link*, diz*, preserv*, agrup*, filtr*, baix*, fic*, continu*, verde*, ger*, indic*, tent*, cobr*, usa, usam, usar",
    unchanged:
      "sem mudança de comportamento, sem mudar o comportamento, sem alterar o comportamento, sem alteração de comportamento, sem modificar o comportamento, nenhuma mudança de comportamento, comportamento não muda, comportamento não deve mudar, comportamento inalterado, comportamento permanece, mesmo comportamento, comportamento idêntico, comportamento igual, testes existentes, testes atuais, api pública não muda, api pública inalterada, api inalterada, assinatura não muda, saída idêntica, saída não muda, saída inalterada, sem tocar, sem mexer, testes continuam passando, testes devem continuar, testes continuam verdes, sem mudanças funcionais, sem mudança funcional, sem mudar, sem alterar, como hoje, como está hoje, igual a hoje, não mexer, não tocar",
    limit: "só, somente, apenas, mais nada, nada mais",
    compare:
      "menos de, mais de, pelo menos, no mínimo, no máximo, máximo, mínimo, abaixo, acima, inferior*, superior*, dentro de, max, min, metade, menor que, maior que",
    into: "para, em, por, como",
    vague:
      "melhor*, bonit*, modern*, limp*, otimiz*, mais rápid*, fluid*, intuitiv*, amigáve*, robust*, confiáve*, legíve*, legibilidade, elegante*, profissional*, corretamente, adequadamente, mais simples, simplific*, agradáve*, obsolet*, antiquad*, lent*, escaláve*, eficiente*, flexíve*, bacana, atraente*, coerente*, consistente*, refresc*, organizad*, boas práticas, confus*, bagunça*, bagunçad*, estáve*, redesenh*, caprichad*, capricha, de qualidade, em dia, desempenho, performance, manutenível, sustentável, repagin*, arrumad*, dar um jeito, feio, feia, polir, polimento, mais claro, mais clara, mais seguro, boa aparência, casos extremos, casos limite, útil, úteis",
    unbounded:
      "tudo, todos os bugs, todos os erros, todos os problemas, toda a aplicação, todo o aplicativo, todo o app, o app inteiro, todo o código, toda a base de código, todo o projeto, projeto inteiro, código inteiro, aplicação inteira, site inteiro, sistema inteiro, todo o sistema, todo o site, em todo lugar, em toda parte, por toda parte, todas as páginas, todos os arquivos, todos os ficheiros, todos os módulos, todos os componentes, cada página, cada arquivo, do zero, reescrev*, por completo, completamente, inteiro, inteira, qualquer coisa, de ponta a ponta, todos os avisos, todo o repositório, todos os lugares",
    placeholder:
      "razoáve*, apropriad*, adequad*, sensat*, convenient*, alguma coisa, de alguma forma, um pouco, um valor bom, bom valor, se necessário, se precisar, quando necessário, onde necessário, conforme necessário, tbd, aceitáve*, mais alt*, mais baix*, suficiente*, o que for, como sempre, conveniente*, pertinente*, decente*, um pouco mais, algo melhor, voltar a funcionar, volte a funcionar",
    hedge:
      "talvez, quem sabe, porventura, ou algo, algo assim, ou similar, ou parecido, ou coisa assim, tanto faz, como quiser, como preferir, o que preferir, não tenho certeza, não sei, poderíamos, acho que, penso que, suponho, provavelmente, possivelmente, algum dia, a ver, etc, e tal, e afins, coisas assim, você decide, a seu critério, ideias, sugestões, diversos, alguns, algumas, seria bom, seria legal, seria interessante, mais ou menos, uma espécie de, algum tipo de, qualquer um, qualquer uma, o que achar, a decidir, ou então, sei lá, vários, várias, às vezes, de vez em quando, por vezes",
    undecided:
      "não decidimos, não está decidido, não foi decidido, sem decidir, a decidir, a definir, a combinar, a confirmar, por definir, por decidir, falta definir, falta decidir, falta saber, não está claro, não ficou claro, não sabemos, não sei, também não sei, ninguém sabe, não faço ideia, sem ideia, não tenho certeza, não temos certeza, batemos o martelo, tanto faz, o que achar, como achar, como preferir, o que preferir, não chegaram a acordo, sem consenso, em discussão, discutindo, em dúvida, na dúvida, decida, vai decidir, vão decidir, o que acha, que você acha, você acha, vamos ver, veremos, ou então, vai definir, vão definir, está definindo, não fechou, não fechamos, em aberto, qual prevalece, não definiu, não definimos, sem definição, definindo, ainda não sei, ainda não decid*, ainda não está, ainda não defin*, ainda não escolh*, ainda não bat*, ainda não sabemos, ainda não fech*, ainda não há, precisa decidir, bater o martelo, bater martelo, alguém decidir, qual vale, a gente vê depois, vê depois, em negociação, pode ser a",
    deferred:
      "como conversamos, conversamos, como combinado, combinado, combinamos, como acordado, como falamos, falamos, discutimos, discutido, como da última vez, da última vez, última vez, como ontem, ontem, como antes, como sempre, mencionado, veja acima, ver acima, ver ticket, veja o ticket, ver issue, ver link, no ticket, do ticket, o ticket, na reunião, da reunião, reunião, você sabe, no slack, pelo slack, por e-mail, no e-mail, meu e-mail, conforme a spec, o mockup, mockups, mockup, figma, captura de tela, anexado, em anexo, como descrito, o que eu disse, como eu disse, a mesma coisa, como o outro, como a outra, aquilo, aquela coisa, feedback, semana passada, outro dia, o que foi pedido, como pedido, da call, na call, ficou decidido, no anexo, o cliente pediu, faz o mesmo, faça o mesmo, como você falou, segue print, print do erro, segue o print",
    interrogative:
      "por que, porque, por quê, como, o que, que, qual, quais, quem, onde, quando, quanto, é possível, há algum, há alguma, devemos, deveríamos, podemos, dá para, existe, tem como, vale a pena, será que, funciona",
    inquiry:
      "expli*, me diga, diga-me, investig*, analis*, estud*, olhe, olha, descubr*, verifi* se, verifi* por que, avali*, compar*, recomend*, suger*, sugir*, proponha, pens*, dê uma olhada, dar uma olhada, examin*, discut*, resum*, audit*, decid*, entender, esclare*, veja se, veja por que",
    polite:
      "você pode, poderia, pode por favor, por favor, poderiam, dá pra, consegue, pode me, podem me, vocês podem, pode por",
    rest: "demais, outro, outra, outros, outras, resto, restante*, existente*",
    negation: "não, sem, nem, nunca, jamais, nenhum, nenhuma, em vez, ao invés, exceto, salvo, nada",
    negationAfter: "",
  },
};
