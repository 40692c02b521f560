/** The Chinese texts of clarification's questions. */
import type { Wording } from "./wording.ts";

const defaultCriterion = "新增一个测试，改动前失败、改动后通过；现有测试仍然通过";

export const chinese: Wording = {
  questions: {
    no_acceptance_criteria: {
      text: () =>
        "怎样才能判断已经完成？请给出可以检查的标准：测试断言什么、执行哪条命令会输出什么，或者哪个失败的测试要通过。",
      choices: ["现在失败的测试在改动后通过，其他测试结果不变", "报告中的命令输出正确结果并以 0 退出，由新增测试证明"],
      default: defaultCriterion,
    },
    vague_description: {
      text: (words) => `${words}可以有多种理解。改动之后，别人能看到的具体区别是什么？`,
      choices: [
        "一项行为改变，由新增测试证明：改动前失败，改动后通过",
        "一处输出或提示的文字改变，由测试比较其内容",
        "行为不变，只调整结构，现有测试不作修改仍然通过",
      ],
      default: "一项行为改变，由新增测试证明：改动前失败，改动后通过",
    },
    no_target_surface: {
      text: () => "要改哪里？请写出文件、目录、函数、命令或路由，例如 `lib/cart.js` 或 `add()`。",
      choices: ["新增的失败测试所指向的文件以及测试文件，不改其他文件", "README.md 和 docs/"],
      default: "新增的失败测试所指向的文件以及测试文件，不改其他文件",
    },
    unbounded_scope: {
      text: (words) => `${words}没有边界。最多可以改动什么？哪些保持不变？`,
      choices: [
        "最多 10 个文件、400 行改动，其余保持不变",
        "只改第一处需要的地方，其他地方另立任务",
        "最多 3 个文件、100 行改动，公开接口不变",
      ],
      default: "最多 10 个文件、400 行改动，其余保持不变",
    },
  },
  kinds: {
    fix: {
      ask: "现在发生什么，应该发生什么？",
      usual: defaultCriterion,
      follows: "所报告的现象不再出现，期望的结果出现，由新增测试证明；现有测试仍然通过",
    },
    feature: {
      ask: "对什么输入做什么，能看到什么？",
      usual: defaultCriterion,
      follows: "行为与描述一致，由新增测试证明；现有测试仍然通过",
    },
    refactor: {
      ask: "要得到什么结构，什么必须不变？",
      usual: "行为不变：现有测试不作修改仍然通过",
      follows: "结构与描述一致；行为不变，现有测试仍然通过",
    },
    upgrade: {
      ask: "哪个依赖，哪个版本？",
      usual: "清单和锁文件写明同一主版本的最新版；构建和现有测试通过",
      follows: "清单和锁文件写明该版本；构建和现有测试通过",
    },
    rename: {
      ask: "旧名是什么，新名是什么？",
      usual: "旧名不再出现；现有测试仍然通过",
      follows: "除指明之处外旧名不再出现；现有测试仍然通过",
    },
    removal: {
      ask: "具体去掉什么，保留什么？",
      usual: "它已去掉，没有引用留下；其他测试通过",
      follows: "它已去掉，没有引用留下；其他测试通过",
    },
    docs: {
      ask: "哪一页、哪一节，要写什么？",
      usual: "该页列出每个选项及其默认值和一个例子；不改代码",
      follows: "该页写明所要求的内容，与代码行为一致；不改代码",
    },
    test: {
      ask: "测试要覆盖什么行为、哪些情形？",
      usual: "每个新测试通过，去掉所覆盖的行为就失败",
      follows: "所要求的测试存在并通过，破坏所覆盖的行为就失败",
    },
    perf: {
      ask: "测什么，怎么测，要达到什么数值？",
      usual: "仓库里的基准显示耗时至少减少 20 %；结果相同，现有测试通过",
      follows: "测得的数值达到要求，结果相同；现有测试仍然通过",
    },
    config: {
      ask: "哪个设置，什么值？",
      usual: "该设置为所写的值，其他设置不变",
      follows: "该设置在所写之处正是该值，其他设置不变",
    },
    chore: {
      ask: "改动之后仓库里有什么不同？",
      usual: defaultCriterion,
      follows: "只有所要求的内容改变；现有测试仍然通过",
    },
  },
  why: {
    no_acceptance_criteria: () => "没有说明怎样判断已经完成",
    vague_description: (words) => `${words}可以有多种理解`,
    no_target_surface: () => "没有写出文件、目录、函数、命令或路由",
    unbounded_scope: (words) => `${words}没有边界`,
  },
  inPlace: (place) => `${place} 以及相应的测试`,
  asStated: "请求本身写明的内容完全成立即为完成；行为有变化时，由修改前失败的测试证明；现有测试通过",
  understood: (follows, request) => `理解为：${follows}（${request}）`,
  drafted: (text) => `草拟：${text}`,
  draftQuestions: {
    title: "会有什么不同？",
    place: "在哪里？",
    criteria: "怎么知道已经完成？",
    test: "测试可以怎样证明？",
  },
  whatChanges: "开始工作之前需要改什么？",
  example: {
    ofFunction: (name) => `例如：“${name}(…) 返回 … 而不是 …，并有新测试证明”`,
    ofRequest: (request) => `例如，对于“${request}”：“… 显示 … 而不是 …”`,
  },
  again: "只用默认回答还看不出这里要改变什么。",
  isQuestion:
    "这是一个提问，而任务会改动代码：请写明要改变什么，或者到别处提问；需要书面回答时，请要求写一页文档（例如“在 docs/parse.md 里说明原因”）",
  quote: (words) => words.map((word) => `“${word}”`).join("、"),
  found: {
    failingTest: (sentence) => `现在失败的测试在改动后通过，测试本身不作修改：${sentence}`,
    reproduction: (command) => `改动后执行这条命令不再出现该问题，并由新增测试覆盖：${command}`,
  },
  refused: {
    empty: "回答是空的",
    long: (charactersMax) => `回答超过 ${charactersMax} 个字符`,
    placeholder: (text) => `“${text}”没有可以检查的内容`,
    short: (widthMin) => `太短，无法检查：至少 ${widthMin / 2} 个汉字`,
    vague: (words) => `${words}含糊不清：请写出测试、命令或读者会看到什么`,
    noPlace: "没有写出位置：请写文件、目录、函数、命令或路由，例如 `lib/cart.js` 或 `add()`",
    unbounded: (words) => `${words}仍然没有边界：请写出最多可以改动什么`,
    reference: "这里读不到链接或工单编号：请写出其中的要求",
  },
  document: {
    criteria: "验收标准",
    ownCriterion: "aedev 默认，提出者未给出",
    notChecked: "不在任何标准中，因此无人检查",
    answers: "问题与回答",
    score: (score) => `不明确程度：${score}/100`,
    repository: "仓库",
  },
};
