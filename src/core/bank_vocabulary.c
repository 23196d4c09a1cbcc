/*
 * The vocabulary of labels. A label is recognised only when all of its words
 * stand here, so single common words do no harm. Words are folded as
 * words_fold does: lower case, no marks. Languages written without spaces are
 * cut into the longest known words.
 */
#include "bank_vocabulary.h"

const struct vocabulary vocabulary[] = {
    {WORD_ANSWER,
     "answer answers solution solutions ans sol reply response "
     "답 정답 답변 해답 풀이 모범답안 모범 예시답안 예시답변 답안 대답 "
     "答案 解答 答え 回答 正解 参考答案 參考答案 答 题解 題解 答题 解决方案 "
     "respuesta respuestas solucion soluciones resposta respostas solucao gabarito resolucao "
     "reponse reponses corrige antwort antworten losung losungen "
     "risposta risposte soluzione soluzioni antwoord oplossing svar losning vastaus ratkaisu "
     "ответ ответы решение решения відповідь відповіді рішення розвязок "
     "odpowiedz odpowiedzi rozwiazanie odpoved reseni raspuns cevap cevaplar cozum yanit jawaban "
     "solusi pembahasan "
     "dap an tra loi giai loi απαντηση λυση תשובה תשובות פתרון الجواب الاجابه الحل اجابه حل جواب "
     "उत्तर जवाब উত্তর คำตอบ ดูคำตอบ เฉลย پاسخ javob odgovor pergjigjja valasz cevabi yaniti cozumu"},
    {WORD_WEAK, "result results key walkthrough explanation explained explanations output "
                "해설 해석 설명 결과 解説 解析 详解 詳解 分析 解释 解決 説明 讲解 思路 "
                "explicacion explicacao explication erklarung spiegazione разбор объяснение "
                "пояснення aciklama penjelasan "
                "wyjasnienie"},
    {WORD_HINT,
     "hint hints clue 힌트 提示 ヒント pista pistas dica dicas hinweis tipp suggerimento "
     "подсказка подсказки підказка podpowiedz ipucu petunjuk goi y"},
    {WORD_FOLLOW, "follow followup followups 꼬리 꼬리질문 추가 추가질문 후속 후속질문 追问 追問 "
                  "深掘り 相关问题 延伸问题 "
                  "repreguntas seguimiento дополнительные уточняющие"},
    {WORD_LOOK,
     "view show see click open expand reveal toggle check tap press read unfold display look get "
     "hide collapse "
     "보기 보이기 확인 확인하기 확인하세요 펼치기 펼쳐보기 접기 열기 열어보기 클릭 클릭하기 "
     "클릭하세요 클릭해서 클릭하여 눌러서 "
     "누르기 눌러보기 보려면 보러가기 보세요 더보기 펼쳐서 열어서 살펴보기 알아보기 "
     "点击 點擊 查看 展开 展開 显示 顯示 打开 点此 点我 收起 看 折叠 隐藏 见 戳 单击 点开 "
     "見る 表示 表示する 開く クリック クリックして 確認 確認する みる 展開する タップ 押す "
     "ver mostrar muestra clic click haz pulsa pulse expandir desplegar abrir clique exibir "
     "revelar "
     "voir afficher cliquez cliquer montrer derouler anzeigen zeigen klicken klick ansehen "
     "aufklappen ausklappen "
     "mostra vedi clicca apri espandi показать посмотреть нажми нажмите развернуть открыть "
     "раскрыть смотреть узнать "
     "показати переглянути відкрити подивитися goster gor goruntule tikla tiklayin ac lihat "
     "tampilkan klik buka "
     "xem hien thi nhan bam mo pokaz zobacz kliknij rozwin zobrazit klikni toon visa vis nayta אנא "
     "הצג לחץ عرض اضغط "
     "انظر دیدن "
     "देखें দেখুন ดู"},
    {WORD_FILL,
     "the other a an to for here this me of and or on in with your my is it its full detailed "
     "correct "
     "right possible "
     "sample model suggested question questions q no more details detail text below first if you "
     "want suggestion "
     "please expected final short long simple reference "
     "를 을 이 은 는 의 에 로 으로 과 와 및 더 더욱 자세히 자세한 내용 내용을 여기 여기를 질문 "
     "질문의 질문에 대한 문제 전체 상세 "
     "하여 해서 하기 하세요 해주세요 한번 의견 나의 내 예시 모음 "
     "与 和 及 要点 正确 的 了 我 此 处 這裡 这里 更多 详细 詳細 内容 全部 本题 题目 问题 这 标准 "
     "个人 请 一下 参考 "
     "參考 "
     "を の は に で と こちら ここ する して 例 模範 問題 質問 もっと "
     "la el las los una un de del para aqui en y o mas aca respuesta a as os e uma um da do dos "
     "das na no aqui mais "
     "le les l une des du pour ici et plus die der das den hier um zu mehr und fur il lo gli per "
     "qui di piu "
     "на в и к с по для здесь сюда чтобы ответа вопроса вопрос подробнее больше тут щоб тут "
     "correta correto correcta correcto правильный верный melihat icin buraya tiklayiniz untuk di "
     "sini nya de day cau zde pro tutaj aby het een van voor "},
    {WORD_NOTE, "note notes reference references resource resources tip tips info information "
                "license changelog contributors "
                "contributing installation install usage screenshot screenshots sponsors faq links "
                "link sources source credits "
                "todo update updates history log spoiler bonus warning attention author authors "
                "readme instructions "
                "requirements prerequisites setup "
                "참고 참조 주의 비고 메모 출처 노트 팁 참고자료 자료 링크 안내 공지 라이센스 "
                "기여자 변경사항 업데이트 "
                "备注 注意 注 说明 参考资料 参考链接 链接 资料 更新日志 许可证 贡献者 補足 備考 "
                "メモ 参考文献 参考リンク "
                "nota notas referencia referencias fuentes recursos enlaces referencias links "
                "fontes remarque remarques "
                "quellen hinweise примечание примечания ссылки источники заметка заметки материалы "
                "kaynaklar catatan referensi"},
    {WORD_MENU,
     "contents toc 목차 차례 目录 目錄 目次 导航 "
     "contenido contenidos conteudo traducciones traducoes sommaire matieres inhaltsverzeichnis "
     "ubersetzungen "
     "sommario traduzioni содержание оглавление переводы зміст переклади icindekiler ceviriler "
     "daftar muc luc "
     "spis tresci obsah"},
    {WORD_MAYBE, "content translation translations 번역 翻译 翻訳 index table menu navigation "
                 "outline overview summary topics chapters "
                 "sections agenda language languages "
                 "available 색인 인덱스 메뉴 목록 언어 索引 大纲 語言 语言 其他 言語 indice "
                 "indices tabla sumario idiomas langues inhalt "
                 "sprachen lingue языки diller isi bahasa"},
    {WORD_THING,
     "code example examples snippet demo image images diagram picture list log visual video "
     "코드 예제 예시 그림 이미지 사진 표 구현 구현코드 소스 소스코드 실습 전문 원문 영상 본문 과정 "
     "代码 示例 图 图片 例子 源码 实现 完整 コード 例 画像 ソース 図 "
     "codigo ejemplo ejemplos imagen exemplo exemplos imagem exemple beispiel beispiele bild "
     "codice esempio "
     "код пример примеры картинка приклад kod ornek contoh kode vi du przyklad"},
    {0, NULL},
};

/* The first word or words of a question in alphabets with spaces, folded. */
const char *const ask_first[] = {
    "what",
    "whats",
    "why",
    "how",
    "hows",
    "when",
    "where",
    "which",
    "who",
    "whos",
    "whom",
    "whose",
    "explain",
    "describe",
    "differentiate",
    "in what",
    "in which",
    "for what",
    "difference",
    "differences",
    "true or false",
    "difference between",
    "how do",
    "cual",
    "cuales",
    "cuando",
    "donde",
    "por que",
    "para que",
    "quien",
    "explica",
    "explique",
    "diferencia",
    "diferencias",
    "defina",
    "o que",
    "qual",
    "quais",
    "quando",
    "onde",
    "quem",
    "descreva",
    "diferenca",
    "diferencas",
    "quel",
    "quelle",
    "quels",
    "quelles",
    "quest",
    "quoi",
    "comment",
    "pourquoi",
    "expliquez",
    "difference entre",
    "wie",
    "warum",
    "welche",
    "welcher",
    "welches",
    "wann",
    "wo",
    "wer",
    "erklare",
    "erklaren",
    "nenne",
    "cosa",
    "cose",
    "perche",
    "quale",
    "quali",
    "spiega",
    "что",
    "как",
    "какие",
    "какой",
    "какая",
    "какое",
    "каким",
    "каких",
    "почему",
    "зачем",
    "чем",
    "когда",
    "где",
    "кто",
    "сколько",
    "расскажите",
    "расскажи",
    "объясните",
    "объясни",
    "опишите",
    "назовите",
    "перечислите",
    "в чем",
    "для чего",
    "о чем",
    "из чего",
    "можно ли",
    "есть ли",
    "чему",
    "куда",
    "откуда",
    "дайте",
    "что такое",
    "що",
    "як",
    "чому",
    "які",
    "який",
    "яка",
    "чим",
    "коли",
    "навіщо",
    "у чому",
    "розкажіть",
    "nedir",
    "nasil",
    "neden",
    "bagaimana",
    "mengapa",
    "kenapa",
    "jelaskan",
    "sebutkan",
    "apakah",
    "kapan",
    "co to",
    "dlaczego",
    "czym",
    "jakie",
    "czy",
    "wymien",
    "opisz",
    "wyjasnij",
    "tai sao",
    "the nao",
    NULL,
};

/* Orders, and words that ask only at times. */
const char *const tell_first[] = {
    "define",  "compare", "contrast", "discuss",   "tell",     "mention", "list",  "name",
    "state",   "give",    "write",    "implement", "create",   "design",  "build", "find",
    "convert", "reverse", "is",       "are",       "can",      "could",   "does",  "do",
    "did",     "should",  "would",    "will",      "have",     "has",     "was",   "were",
    "given",   "suppose", "imagine",  "consider",  "you have", "que",     "como",  "che",
    "come",    "apa",     "jak",      "hay",       "co",       NULL,
};

/* Phrases that ask wherever they stand, folded. */
const char *const ask_within[] = {
    "编写",
    "写出",
    "实现一个",
    "什么",
    "什麼",
    "如何",
    "怎么",
    "怎麼",
    "怎样",
    "为什么",
    "為什麼",
    "区别",
    "區別",
    "哪些",
    "哪个",
    "哪种",
    "哪几",
    "有几",
    "多少",
    "是否",
    "能否",
    "谈谈",
    "说说",
    "說說",
    "聊聊",
    "简述",
    "簡述",
    "介绍一下",
    "解释一下",
    "讲讲",
    "讲一下",
    "说一下",
    "描述一下",
    "何为",
    "何時",
    "何谓",
    "请",
    "优缺点",
    "的作用",
    "的原理",
    "的理解",
    "的异同",
    "とは",
    "ですか",
    "ますか",
    "でしょうか",
    "どのよう",
    "どういう",
    "なぜ",
    "どうやって",
    "違い",
    "説明して",
    "教えて",
    "述べ",
    "何です",
    "무엇",
    "어떻게",
    "어떤",
    "왜",
    "차이",
    "설명하",
    "설명해",
    "설명하시오",
    "대해",
    "말해",
    "비교하",
    "비교해",
    "서술",
    "이란",
    "난가요",
    "là gì",
    "la gi",
    "the nao",
    "tai sao",
    "nedir",
    "nasil",
    "nelerdir",
    "fark",
    "difference between",
    "apa itu",
    "perbedaan",
    "co to jest",
    "qual a diferenca",
    "que es",
    "que son",
    "o que e",
    "в чем разница",
    "отличие",
    "отличия",
    "разница",
    "difference entre",
    "unterschied",
    NULL,
};

/* What a Korean, Japanese or Chinese question ends with, folded. */
const char *const ask_last[] = {
    "까",   "까요", "나요",   "가요",   "는가",     "은가", "인가", "한가", "던가", "시오", "세요",
    "하라", "해라", "해보자", "해보기", "란",       "이란", "는지", "은지", "인지", "한지", "할지",
    "か",   "とは", "せよ",   "なさい", "ください", "吗",   "嗎",   "呢",   NULL,
};

/* The names of chapters as well as questions: "…의 차이점". */
const char *const name_last[] = {
    "는",   "점",   "이유", "방법", "원리",   "특징", "장점", "단점", "장단점", "차이점",
    "비교", "설명", "정의", "개념", "역할",   "목적", "종류", "과정", "동작",   "么",
    "区别", "原理", "作用", "特点", "优缺点", "流程", "机制", "方式", NULL,
};

/* Whole texts that only promise an answer, folded (no spaces). */
const char *const promises[] = {
    "todo",
    "tbd",
    "tba",
    "tbc",
    "wip",
    "tobecompleted",
    "tobedone",
    "tobeadded",
    "tobecontinued",
    "tobedetermined",
    "tobewritten",
    "tobeanswered",
    "tobefilled",
    "tobeannounced",
    "comingsoon",
    "soon",
    "inprogress",
    "workinprogress",
    "underconstruction",
    "na",
    "none",
    "noanswer",
    "noansweryet",
    "notyet",
    "notansweredyet",
    "unanswered",
    "pending",
    "answertobecompleted",
    "answercomingsoon",
    "addanswer",
    "addanswerhere",
    "youranswer",
    "youranswerhere",
    "empty",
    "willbeadded",
    "willbeaddedsoon",
    "willbeupdated",
    "helpwanted",
    "contributionswelcome",
    "xxx",
    "tobeupdated",
    "작성예정",
    "작성중",
    "추가예정",
    "추후작성",
    "추후추가",
    "추후작성예정",
    "추후추가예정",
    "준비중",
    "정리중",
    "정리예정",
    "업데이트예정",
    "미작성",
    "미완성",
    "답변예정",
    "답변작성중",
    "답변준비중",
    "작업중",
    "작성필요",
    "내용없음",
    "답변없음",
    "추후업데이트",
    "추후업데이트예정",
    "작성하기",
    "내용",
    "답변을작성해주세요",
    "예정",
    "공사중",
    "추후정리",
    "추후정리예정",
    "待补充",
    "待完善",
    "待更新",
    "待续",
    "未完待续",
    "待整理",
    "暂无",
    "暂无答案",
    "略",
    "待添加",
    "待回答",
    "后续补充",
    "敬请期待",
    "整理中",
    "更新中",
    "施工中",
    "完善中",
    "未完成",
    "待補充",
    "暫無",
    "補充中",
    "未完",
    "準備中",
    "作成中",
    "執筆中",
    "工事中",
    "後で書く",
    "未記入",
    "近日公開",
    "記載予定",
    "追記予定",
    "porcompletar",
    "porhacer",
    "pendiente",
    "proximamente",
    "enconstruccion",
    "encurso",
    "sinrespuesta",
    "acompletar",
    "emconstrucao",
    "embreve",
    "pendente",
    "afazer",
    "emandamento",
    "semresposta",
    "aserpreenchido",
    "afaire",
    "avenir",
    "acompleter",
    "encours",
    "enconstruction",
    "bientot",
    "folgt",
    "kommtbald",
    "inarbeit",
    "dafare",
    "incorso",
    "inarrivo",
    "prossimamente",
    "вработе",
    "вразработке",
    "скоро",
    "скоробудет",
    "ответпозже",
    "безответа",
    "будетпозже",
    "дополнить",
    "пока нет",
    "поканет",
    "впроцессе",
    "незаполнено",
    "буде",
    "незабаром",
    "yakinda",
    "yapimasamasinda",
    "eklenecek",
    "segera",
    "segerahadir",
    "dalamproses",
    "dangcapnhat",
    "wkrotce",
    "wtrakcie",
    "douzupelnienia",
    "douzupelnienia",
    NULL,
};
