/** The Portuguese texts of clarification's questions. */
import type { Wording } from "./wording.ts";

const defaultCriterion = "um teste novo falha antes da mudança e passa depois; todos os testes existentes passam";

export const portuguese: Wording = {
  questions: {
    no_acceptance_criteria: {
      text: () =>
        "Como se sabe que está pronto? Indique algo verificável: o que um teste afirma, um comando e sua saída, ou o nome de um teste que falha.",
      choices: [
        "um teste existente que falha passa depois; os outros testes ficam como estão",
        "o comando relatado imprime o resultado certo e sai com 0; um teste novo mostra isso",
      ],
      default: defaultCriterion,
    },
    vague_description: {
      text: (words) =>
        `${words} pode significar muita coisa. O que exatamente será diferente, de forma que outros vejam?`,
      choices: [
        "um comportamento muda, e um teste novo mostra: vermelho antes, verde depois",
        "uma saída ou mensagem muda, e um teste compara o texto",
        "o comportamento não muda: só a estrutura, e os testes existentes passam sem alteração",
      ],
      default: "um comportamento muda, e um teste novo mostra: vermelho antes, verde depois",
    },
    no_target_surface: {
      text: () => "Onde mudar? Nomeie um arquivo, pasta, função, comando ou rota, p. ex. `lib/cart.js` ou `add()`.",
      choices: [
        "os arquivos a que leva o teste novo que falha, e os testes; nenhum outro arquivo",
        "README.md e docs/",
      ],
      default: "os arquivos a que leva o teste novo que falha, e os testes; nenhum outro arquivo",
    },
    unbounded_scope: {
      text: (words) => `${words} não tem limite. O que pode mudar no máximo, e o que fica igual?`,
      choices: [
        "no máximo 10 arquivos e 400 linhas mudadas; o que está fora fica como está",
        "só o primeiro lugar necessário; os outros viram missões à parte",
        "no máximo 3 arquivos e 100 linhas mudadas; nenhuma interface pública muda",
      ],
      default: "no máximo 10 arquivos e 400 linhas mudadas; o que está fora fica como está",
    },
  },
  kinds: {
    fix: {
      ask: "O que acontece agora, e o que deveria acontecer?",
      usual: defaultCriterion,
      follows:
        "o que foi relatado não acontece mais e o esperado acontece, um teste novo mostra; todos os testes existentes passam",
    },
    feature: {
      ask: "O que faz, com qual entrada, e o que se vê?",
      usual: defaultCriterion,
      follows: "comporta-se como descrito, um teste novo mostra; todos os testes existentes passam",
    },
    refactor: {
      ask: "Que estrutura deve ficar, e o que não deve mudar?",
      usual: "o comportamento não muda: os testes existentes passam sem alteração",
      follows: "a estrutura é a descrita; o comportamento não muda e os testes existentes passam",
    },
    upgrade: {
      ask: "Qual dependência, e qual versão?",
      usual:
        "o manifesto e o lockfile nomeiam a versão mais recente da mesma versão maior; o build e os testes existentes passam",
      follows: "o manifesto e o lockfile nomeiam essa versão; o build e os testes existentes passam",
    },
    rename: {
      ask: "Qual é o nome antigo, e qual é o novo?",
      usual: "o nome antigo não aparece mais; todos os testes existentes passam",
      follows: "o nome antigo não aparece mais, salvo onde foi pedido; todos os testes existentes passam",
    },
    removal: {
      ask: "O que sai exatamente, e o que fica?",
      usual: "não existe mais e nada se refere a ele; os outros testes passam",
      follows: "não existe mais e nada se refere a ele; os outros testes passam",
    },
    docs: {
      ask: "Que página, que seção, e o que deve dizer?",
      usual: "a página nomeia cada opção com seu valor padrão e um exemplo; nenhum código muda",
      follows: "a página diz o que foi pedido, como o código se comporta; nenhum código muda",
    },
    test: {
      ask: "Que comportamento e que casos os testes devem cobrir?",
      usual: "cada teste novo passa, e falha se o comportamento coberto for retirado",
      follows: "os testes pedidos existem e passam, e cada um falha se o que cobre quebrar",
    },
    perf: {
      ask: "O que se mede, como, e que valor deve ser alcançado?",
      usual:
        "um benchmark do repositório mostra pelo menos 20 % menos tempo; resultados idênticos e testes existentes verdes",
      follows: "o valor medido é alcançado com resultados idênticos; todos os testes existentes passam",
    },
    config: {
      ask: "Que configuração, e que valor?",
      usual: "a configuração tem o valor nomeado, e nenhuma outra muda",
      follows: "a configuração tem exatamente esse valor onde foi nomeada, e nenhuma outra muda",
    },
    chore: {
      ask: "O que fica diferente no repositório depois?",
      usual: defaultCriterion,
      follows: "muda exatamente o que foi pedido; todos os testes existentes passam",
    },
  },
  why: {
    no_acceptance_criteria: () => "nenhum resultado verificável foi nomeado",
    vague_description: (words) => `${words} pode significar muita coisa`,
    no_target_surface: () => "nenhum arquivo, pasta, função, comando ou rota foi nomeado",
    unbounded_scope: (words) => `${words} não tem limite`,
  },
  inPlace: (place) => `${place} e seus testes`,
  asStated:
    "pronto quando vale exatamente o que o próprio pedido diz; onde o comportamento muda, um teste que antes falha o mostra; os testes existentes passam",
  understood: (follows, request) => `entendido: ${follows} (${request})`,
  drafted: (text) => `rascunho: ${text}`,
  draftQuestions: {
    title: "O que será diferente?",
    place: "Onde?",
    criteria: "Como saberemos que está feito?",
    test: "Como um teste poderia mostrá-lo?",
  },
  whatChanges: "O que deve mudar antes de começar o trabalho?",
  example: {
    ofFunction: (name) => `Por exemplo: “${name}(…) devolve … em vez de …, e um teste novo mostra isso”.`,
    ofRequest: (request) => `Por exemplo, para “${request}”: “… mostra … em vez de …”.`,
  },
  again: "A resposta usual sozinha não diz o que deve ser diferente aqui.",
  isQuestion:
    "isto é uma pergunta, e uma missão muda código: diga o que deve mudar, ou pergunte em outro lugar; para ter a resposta por escrito, peça uma página (“explique em docs/parse.md por que …”)",
  quote: (words) => words.map((word) => `“${word}”`).join(", "),
  found: {
    failingTest: (sentence) => `o teste que falha passa depois da mudança, e ele mesmo não muda: ${sentence}`,
    reproduction: (command) =>
      `depois da mudança este comando não mostra mais a falha, e um teste novo a cobre: ${command}`,
  },
  refused: {
    empty: "a resposta está vazia",
    long: (charactersMax) => `a resposta passa de ${charactersMax} caracteres`,
    placeholder: (text) => `“${text}” não diz nada verificável`,
    short: (widthMin) => `curto demais para verificar: pelo menos ${widthMin} caracteres`,
    vague: (words) => `${words} é vago: diga o que um teste, um comando ou um leitor veria`,
    noPlace: "nenhum lugar foi nomeado: arquivo, pasta, função, comando ou rota, p. ex. `lib/cart.js` ou `add()`",
    unbounded: (words) => `${words} continua sem limite: diga o que pode mudar no máximo`,
    reference: "um link ou número de chamado não pode ser lido aqui: escreva o que ele pede",
  },
  document: {
    criteria: "Critérios de aceitação",
    ownCriterion: "padrão do aedev, porque nenhum foi dado",
    notChecked: "Em nenhum critério, portanto ninguém verifica",
    answers: "Perguntas e respostas",
    score: (score) => `Ambiguidade: ${score} de 100`,
    repository: "Repositório",
  },
};
