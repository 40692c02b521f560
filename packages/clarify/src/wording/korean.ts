/** The Korean texts of clarification's questions. */
import type { Wording } from "./wording.ts";

const defaultCriterion = "새 테스트가 변경 전에는 실패하고 변경 후에는 통과한다; 기존 테스트는 통과한다";

export const korean: Wording = {
  questions: {
    no_acceptance_criteria: {
      text: () =>
        "완료되었는지 어떻게 알 수 있습니까? 확인할 수 있는 것을 적어 주세요: 테스트가 검증하는 것, 명령과 그 출력, 또는 실패하는 테스트의 이름.",
      choices: [
        "지금 실패하는 기존 테스트가 변경 후 통과하고, 다른 테스트의 결과는 그대로다",
        "보고된 명령이 올바른 결과를 출력하고 0으로 끝나며, 새 테스트가 이를 보인다",
      ],
      default: defaultCriterion,
    },
    vague_description: {
      text: (words) => `${words}은(는) 여러 뜻일 수 있습니다. 변경 후 다른 사람이 볼 수 있게 정확히 무엇이 달라집니까?`,
      choices: [
        "동작 하나가 바뀌고 새 테스트가 이를 보인다: 변경 전 실패, 변경 후 통과",
        "출력이나 메시지 하나가 바뀌고 테스트가 그 문구를 비교한다",
        "동작은 그대로이고 구조만 바뀌며, 기존 테스트는 수정 없이 통과한다",
      ],
      default: "동작 하나가 바뀌고 새 테스트가 이를 보인다: 변경 전 실패, 변경 후 통과",
    },
    no_target_surface: {
      text: () => "어디를 변경합니까? 파일, 폴더, 함수, 명령 또는 라우트를 적어 주세요. 예: `lib/cart.js`, `add()`.",
      choices: ["새로 실패하는 테스트가 가리키는 파일과 테스트만; 다른 파일은 그대로", "README.md 와 docs/"],
      default: "새로 실패하는 테스트가 가리키는 파일과 테스트만; 다른 파일은 그대로",
    },
    unbounded_scope: {
      text: (words) => `${words}에는 한계가 없습니다. 최대 무엇이 바뀔 수 있고 무엇은 그대로입니까?`,
      choices: [
        "최대 10개 파일과 400줄까지; 그 밖은 그대로",
        "처음 필요한 한 곳만; 다른 곳은 별도 미션으로",
        "최대 3개 파일과 100줄까지; 공개 인터페이스는 그대로",
      ],
      default: "최대 10개 파일과 400줄까지; 그 밖은 그대로",
    },
  },
  kinds: {
    fix: {
      ask: "지금은 어떻게 되고, 어떻게 되어야 합니까?",
      usual: defaultCriterion,
      follows: "보고된 현상이 더는 일어나지 않고 기대한 결과가 나오며 새 테스트가 이를 보인다; 기존 테스트는 통과한다",
    },
    feature: {
      ask: "어떤 입력에 무엇을 하고 무엇이 보입니까?",
      usual: defaultCriterion,
      follows: "적힌 대로 동작하고 새 테스트가 이를 보인다; 기존 테스트는 통과한다",
    },
    refactor: {
      ask: "어떤 구조가 되고 무엇이 그대로여야 합니까?",
      usual: "동작은 그대로: 기존 테스트가 수정 없이 통과한다",
      follows: "구조가 적힌 대로이고 동작은 그대로이며 기존 테스트는 통과한다",
    },
    upgrade: {
      ask: "어떤 의존성을 어떤 버전으로 합니까?",
      usual: "매니페스트와 잠금 파일이 같은 메이저의 최신 버전을 가리키고 빌드와 기존 테스트는 통과한다",
      follows: "매니페스트와 잠금 파일이 그 버전을 가리키고 빌드와 기존 테스트는 통과한다",
    },
    rename: {
      ask: "옛 이름과 새 이름은 무엇입니까?",
      usual: "옛 이름이 남지 않고 기존 테스트는 통과한다",
      follows: "지정된 곳 외에 옛 이름이 남지 않고 기존 테스트는 통과한다",
    },
    removal: {
      ask: "정확히 무엇을 없애고 무엇을 남깁니까?",
      usual: "대상이 없어지고 참조도 남지 않는다; 다른 테스트는 통과한다",
      follows: "대상이 없어지고 참조도 남지 않는다; 다른 테스트는 통과한다",
    },
    docs: {
      ask: "어느 페이지의 어느 절에 무엇을 적습니까?",
      usual: "페이지에 각 옵션과 기본값과 예가 하나씩 있다; 코드는 그대로",
      follows: "페이지에 요청한 내용이 코드의 동작대로 적혀 있다; 코드는 그대로",
    },
    test: {
      ask: "어떤 동작의 어떤 경우를 테스트합니까?",
      usual: "새 테스트는 통과하고, 대상 동작을 빼면 실패한다",
      follows: "요청한 테스트가 있고 통과하며, 대상 동작을 깨면 각각 실패한다",
    },
    perf: {
      ask: "무엇을 어떻게 재고 어떤 값이 되어야 합니까?",
      usual: "저장소의 벤치마크에서 시간이 20 % 이상 줄고, 결과는 같으며 기존 테스트는 통과한다",
      follows: "측정값이 목표에 이르고 결과는 같으며 기존 테스트는 통과한다",
    },
    config: {
      ask: "어떤 설정을 어떤 값으로 합니까?",
      usual: "지정한 설정이 지정한 값이 되고 다른 설정은 그대로다",
      follows: "지정한 설정이 정확히 그 값이 되고 다른 설정은 그대로다",
    },
    chore: {
      ask: "변경 후 저장소에서 무엇이 달라집니까?",
      usual: defaultCriterion,
      follows: "요청한 것만 바뀌고 기존 테스트는 통과한다",
    },
  },
  why: {
    no_acceptance_criteria: () => "확인할 수 있는 결과가 적혀 있지 않습니다",
    vague_description: (words) => `${words}은(는) 여러 뜻일 수 있습니다`,
    no_target_surface: () => "파일, 폴더, 함수, 명령 또는 라우트가 적혀 있지 않습니다",
    unbounded_scope: (words) => `${words}에는 한계가 없습니다`,
  },
  inPlace: (place) => `${place} 와 그 테스트`,
  asStated:
    "요청에 적힌 내용이 그대로 성립하면 완료. 동작이 바뀌면 변경 전에 실패하는 테스트로 보여 줌. 기존 테스트는 통과",
  understood: (follows, request) => `이해한 내용: ${follows} (${request})`,
  drafted: (text) => `초안: ${text}`,
  draftQuestions: {
    title: "무엇이 달라집니까?",
    place: "어디입니까?",
    criteria: "완료되었음을 어떻게 압니까?",
    test: "테스트로 어떻게 보일 수 있습니까?",
  },
  whatChanges: "작업을 시작하기 전에 무엇을 바꿔야 하나요?",
  example: {
    ofFunction: (name) => `예: "${name}(…)이(가) … 대신 …을(를) 반환하고 새 테스트로 확인된다"`,
    ofRequest: (request) => `"${request}"의 예: "… 대신 …이(가) 표시된다"`,
  },
  again: "기본 답만으로는 여기서 무엇이 달라져야 하는지 알 수 없습니다.",
  isQuestion:
    "이것은 질문이고, 미션은 코드를 변경합니다: 무엇이 바뀌어야 하는지 적거나 다른 곳에서 질문해 주세요. 답을 문서로 남기려면 페이지를 요청하세요(예: docs/parse.md에 이유 설명)",
  quote: (words) => words.map((word) => `‘${word}’`).join(", "),
  found: {
    failingTest: (sentence) => `지금 실패하는 테스트가 변경 후 통과하고, 테스트 자체는 그대로다: ${sentence}`,
    reproduction: (command) => `변경 후 이 명령에서 결함이 나타나지 않고 새 테스트가 이를 다룬다: ${command}`,
  },
  refused: {
    empty: "답이 비어 있습니다",
    long: (charactersMax) => `답이 ${charactersMax}자를 넘습니다`,
    placeholder: (text) => `‘${text}’에는 확인할 내용이 없습니다`,
    short: (widthMin) => `확인하기에 너무 짧습니다: 적어도 ${widthMin / 2}자`,
    vague: (words) => `${words}은(는) 모호합니다: 테스트, 명령 또는 읽는 사람이 무엇을 보는지 적어 주세요`,
    noPlace: "위치가 없습니다: 파일, 폴더, 함수, 명령 또는 라우트를 적어 주세요. 예: `lib/cart.js`, `add()`",
    unbounded: (words) => `${words}에는 여전히 한계가 없습니다: 최대 무엇이 바뀔 수 있는지 적어 주세요`,
    reference: "링크나 티켓 번호는 여기서 읽을 수 없습니다: 거기서 요구하는 내용을 적어 주세요",
  },
  document: {
    criteria: "인수 기준",
    ownCriterion: "주어진 것이 없어 aedev의 기본값",
    notChecked: "어느 기준에도 없어 확인되지 않는 부분",
    answers: "질문과 답",
    score: (score) => `모호함: ${score}/100`,
    repository: "저장소",
  },
};
