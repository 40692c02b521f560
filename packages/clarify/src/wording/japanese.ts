/** The Japanese texts of clarification's questions. */
import type { Wording } from "./wording.ts";

const defaultCriterion = "新しいテストが変更前は失敗し、変更後は成功する。既存のテストはすべて成功する";

export const japanese: Wording = {
  questions: {
    no_acceptance_criteria: {
      text: () =>
        "完了したことをどう確かめますか。確認できるものを書いてください: テストが何を検証するか、コマンドとその出力、または失敗しているテストの名前。",
      choices: [
        "今失敗している既存のテストが変更後に成功し、ほかのテストの結果は変わらない",
        "報告されたコマンドが正しい結果を出力して 0 で終了し、新しいテストがそれを示す",
      ],
      default: defaultCriterion,
    },
    vague_description: {
      text: (words) => `${words}はいろいろな意味に取れます。変更後、ほかの人から見て具体的に何が変わりますか。`,
      choices: [
        "動作が一つ変わり、新しいテストがそれを示す: 変更前は失敗、変更後は成功",
        "出力またはメッセージが一つ変わり、テストがその文面を比較する",
        "動作は変わらず構造だけが変わり、既存のテストは変更なしで成功する",
      ],
      default: "動作が一つ変わり、新しいテストがそれを示す: 変更前は失敗、変更後は成功",
    },
    no_target_surface: {
      text: () =>
        "どこを変更しますか。ファイル、フォルダー、関数、コマンド、ルートのいずれかを書いてください。例: `lib/cart.js`、`add()`。",
      choices: ["新しい失敗テストが指すファイルとテストだけ。ほかのファイルは変更しない", "README.md と docs/"],
      default: "新しい失敗テストが指すファイルとテストだけ。ほかのファイルは変更しない",
    },
    unbounded_scope: {
      text: (words) => `${words}には範囲の限りがありません。最大でどこまで変更してよく、何を変えませんか。`,
      choices: [
        "最大 10 ファイル、400 行まで。それ以外はそのまま",
        "最初に必要な一か所だけ。ほかは別のミッションにする",
        "最大 3 ファイル、100 行まで。公開インターフェースは変えない",
      ],
      default: "最大 10 ファイル、400 行まで。それ以外はそのまま",
    },
  },
  kinds: {
    fix: {
      ask: "今は何が起き、本来は何が起きるべきですか。",
      usual: defaultCriterion,
      follows: "報告された現象が起きなくなり、期待された動作になることを新しいテストが示す。既存のテストは成功する",
    },
    feature: {
      ask: "どの入力に対して何をし、何が見えますか。",
      usual: defaultCriterion,
      follows: "書かれたとおりに動作し、新しいテストがそれを示す。既存のテストは成功する",
    },
    refactor: {
      ask: "どのような構造にし、何を変えないでおきますか。",
      usual: "動作は変わらず、既存のテストは変更なしで成功する",
      follows: "構造が書かれたとおりになり、動作は変わらず既存のテストは成功する",
    },
    upgrade: {
      ask: "どの依存をどのバージョンにしますか。",
      usual: "マニフェストとロックファイルが同じメジャーの最新版を示し、ビルドと既存のテストは成功する",
      follows: "マニフェストとロックファイルがそのバージョンを示し、ビルドと既存のテストは成功する",
    },
    rename: {
      ask: "今の名前と新しい名前は何ですか。",
      usual: "古い名前はどこにも残らず、既存のテストは成功する",
      follows: "古い名前は指定された場所以外に残らず、既存のテストは成功する",
    },
    removal: {
      ask: "何をなくし、何を残しますか。",
      usual: "対象がなくなり、参照も残らない。ほかのテストは成功する",
      follows: "対象がなくなり、参照も残らない。ほかのテストは成功する",
    },
    docs: {
      ask: "どのページのどの節に、何を書きますか。",
      usual: "ページに各オプションと既定値と例が一つずつある。コードは変えない",
      follows: "ページに求められた内容がコードの動作どおりに書かれている。コードは変えない",
    },
    test: {
      ask: "どの動作のどのケースをテストしますか。",
      usual: "新しいテストは成功し、対象の動作を取り除くと失敗する",
      follows: "求められたテストがあり成功し、対象の動作を壊すとそれぞれ失敗する",
    },
    perf: {
      ask: "何をどう測り、どの値にしますか。",
      usual: "リポジトリのベンチマークで時間が 20 % 以上減り、結果は同一で既存のテストは成功する",
      follows: "測定値が目標に達し、結果は同一で既存のテストは成功する",
    },
    config: {
      ask: "どの設定をどの値にしますか。",
      usual: "指定の設定が指定の値になり、ほかの設定は変わらない",
      follows: "指定の設定が正確にその値になり、ほかの設定は変わらない",
    },
    chore: {
      ask: "変更後、リポジトリの何が変わりますか。",
      usual: defaultCriterion,
      follows: "求められたことだけが変わり、既存のテストは成功する",
    },
  },
  why: {
    no_acceptance_criteria: () => "確認できる結果が書かれていません",
    vague_description: (words) => `${words}はいろいろな意味に取れます`,
    no_target_surface: () => "ファイル、フォルダー、関数、コマンド、ルートのどれも書かれていません",
    unbounded_scope: (words) => `${words}には範囲の限りがありません`,
  },
  inPlace: (place) => `${place} とそのテスト`,
  asStated:
    "依頼文に書かれていることがそのとおり成り立てば完了。動作が変わる場合は、変更前に失敗するテストで示す。既存のテストは通る",
  understood: (follows, request) => `理解した内容: ${follows} (${request})`,
  drafted: (text) => `下書き: ${text}`,
  draftQuestions: {
    title: "何が変わりますか。",
    place: "どこですか。",
    criteria: "完了はどう確認できますか。",
    test: "テストでどう示せますか。",
  },
  whatChanges: "作業を始める前に何を変えますか？",
  example: {
    ofFunction: (name) => `例：「${name}(…) が … ではなく … を返し、新しいテストで確かめられる」`,
    ofRequest: (request) => `「${request}」なら、たとえば「… が … ではなく … と表示される」`,
  },
  again: "通常の回答だけでは、ここで何を変えるのかが分かりません。",
  isQuestion:
    "これは質問です。ミッションはコードを変更します。何を変えるべきかを書くか、別の場所で質問してください。答えを文書に残すには、そのページを依頼してください(例: docs/parse.md に理由を書く)",
  quote: (words) => words.map((word) => `「${word}」`).join("、"),
  found: {
    failingTest: (sentence) => `今失敗しているテストが変更後に成功し、テスト自体は変更しない: ${sentence}`,
    reproduction: (command) => `変更後、このコマンドで不具合が起きず、新しいテストが確かめる: ${command}`,
  },
  refused: {
    empty: "回答が空です",
    long: (charactersMax) => `回答が ${charactersMax} 文字を超えています`,
    placeholder: (text) => `「${text}」には確認できる内容がありません`,
    short: (widthMin) => `短すぎて確認できません: 少なくとも ${widthMin / 2} 文字`,
    vague: (words) => `${words}はあいまいです: テスト、コマンド、読む人に何が見えるかを書いてください`,
    noPlace:
      "場所がありません: ファイル、フォルダー、関数、コマンド、ルートを書いてください。例: `lib/cart.js`、`add()`",
    unbounded: (words) => `${words}にはまだ限りがありません: 最大でどこまで変えてよいかを書いてください`,
    reference: "リンクやチケット番号はここでは読めません: 求められている内容を書いてください",
  },
  document: {
    criteria: "受け入れ基準",
    ownCriterion: "指定がないため aedev の既定",
    notChecked: "どの基準にも含まれず、確認されない部分",
    answers: "質問と回答",
    score: (score) => `あいまいさ: ${score}/100`,
    repository: "リポジトリ",
  },
};
