/* The grader's rules one by one, on small questions of the test's own. */
#include <glib.h>
#include <string.h>

#include "app/cmd_grade.h"
#include "core/grade_internal.h"

static lexicon *lex;

struct fixture {
    struct bank_answer answers[2];
    struct grade_question q;
    grader *g;
    grade_sheet *s;
};

static void begin(struct fixture *f, const char *question, const char *model, const char *second)
{
    memset(f, 0, sizeof *f);
    f->answers[0].text = model;
    f->answers[1].text = second;
    f->q = (struct grade_question){
        .text = question, .answers = f->answers, .n_answers = second != NULL ? 2 : 1};
    f->g = grader_new(lex, &f->q, 1);
    f->s = grade_sheet_new(f->g, &f->q);
}

static void end(struct fixture *f)
{
    grade_sheet_free(f->s);
    grader_free(f->g);
}

static int score(const struct fixture *f, const char *answer)
{
    struct grade_result *r = grade(f->s, answer);
    int result = r->score;
    grade_result_free(r);
    return result;
}

/* Whether grading ANSWER takes points off for KEY. */
static bool deducted(const struct fixture *f, const char *answer, const char *key)
{
    struct grade_result *r = grade(f->s, answer);
    bool found = false;
    for (size_t i = 0; i < r->n_deductions; i++)
        found |= strcmp(r->deductions[i].key, key) == 0;
    grade_result_free(r);
    return found;
}

static void begin_thread(struct fixture *f)
{
    begin(f, "프로세스와 스레드의 차이를 설명하세요.",
          "프로세스는 독립된 메모리를 가진 실행 중인 프로그램이다.\n"
          "스레드는 프로세스 안의 실행 흐름이며 힙을 공유한다.",
          NULL);
}

static void begin_udp(struct fixture *f)
{
    begin(f, "UDP의 특성은?",
          "UDP는 비연결형 프로토콜이다. 흐름 제어를 제공하지 않는다. 체크섬으로 오류를 검출한다. "
          "속도가 빨라 실시간 스트리밍에 쓰인다.",
          NULL);
}

static void test_own_words(void)
{
    struct fixture f;
    begin_thread(&f);
    g_assert_cmpint(score(&f, "process는 따로 떨어진 memory를 갖고 돌아가는 program이고 thread는 "
                              "process 안에서 실행되는 흐름인데 heap은 같이 써요"),
                    >=, 75);
    g_assert_cmpint(score(&f,
                          "A process is a running program with its own memory; a thread is a flow "
                          "of execution inside a process and threads share the heap."),
                    >=, 75);
    g_assert_cmpint(score(&f, "프로세스는 좋고 스레드도 좋아요"), <=, 25);
    end(&f);
}

static void test_spelling(void)
{
    struct fixture f;
    begin_udp(&f);
    const char *right = "UDP는 비연결형 프로토콜이라 흐름 제어를 제공하지 않고 체크섬으로 오류를 "
                        "검출합니다. 빨라서 실시간 스트리밍에 써요";
    int full = score(&f, right);
    g_assert_cmpint(full, >=, 85);
    g_autofree char *nfd = g_utf8_normalize(right, -1, G_NORMALIZE_NFD);
    g_assert_cmpint(score(&f, nfd), ==, full);
    g_assert_cmpint(score(&f,
                          "UDP는비연결형프로토콜이라흐름제어를제공하지않고체크섬으로오류를검출합"
                          "니다빨라서실시간스트리밍에써요"),
                    >=, full - 15);
    g_assert_cmpint(
        score(&f, "유디피는 비연결형 프로토콜이라 흐름 재어를 제공하지 안고 채크섬으로 오류를 "
                  "검춝합니다. 빨라서 실시간 스트리밍에 써욧"),
        >=, full - 25);
    end(&f);
}

static void test_denied(void)
{
    struct fixture f;
    begin_udp(&f);
    const char *wrong =
        "UDP는 연결형 프로토콜이다. 흐름 제어를 제공한다. 체크섬으로 오류를 검출하지 "
        "않는다. 속도가 느려서 실시간 스트리밍에 쓰이지 않는다.";
    g_assert_cmpint(score(&f, wrong), <=, 20);
    g_assert_true(deducted(&f, wrong, "denied"));
    g_assert_false(deducted(&f, "흐름 제어가 없고 속도가 느리지 않아요", "denied"));
    end(&f);
}

static void test_swapped(void)
{
    struct fixture f;
    begin(&f, "전가상화와 반가상화의 차이는?",
          "전가상화는 하드웨어를 모두 모사하므로 게스트 운영체제를 수정하지 않고 실행한다.\n"
          "반가상화는 게스트 운영체제가 하이퍼콜로 하이퍼바이저와 협력하여 성능이 좋다.",
          NULL);
    const char *wrong =
        "반가상화는 하드웨어를 모두 모사해서 게스트 운영체제를 수정하지 않고 실행하고 "
        "전가상화는 하이퍼콜로 하이퍼바이저와 협력해서 성능이 좋습니다";
    g_assert_cmpint(score(&f, wrong), <=, 30);
    g_assert_true(deducted(&f, wrong, "swapped"));
    const char *right =
        "전가상화는 하드웨어를 전부 흉내 내니까 게스트 OS를 안 고치고 돌리고, 반가상화는 "
        "하이퍼콜로 하이퍼바이저와 협력해서 성능이 좋아요";
    g_assert_cmpint(score(&f, right), >=, 80);
    g_assert_false(deducted(&f, right, "swapped"));
    end(&f);
}

/* One word under another side may be chance, however often the model has it. */
static void test_one_word_crossing(void)
{
    struct fixture f;
    begin(&f, "링 보호 개념이 무엇인지 설명하시오.",
          "링 보호(Ring Protection)는 리눅스 가상화에서 사용되는 보안 개념 중 하나입니다. 이는 "
          "컴퓨터 시스템에서 사용자와 운영 체제 간의 권한을 격리하는 메커니즘으로, 다양한 보호 "
          "영역이 \"링\"이라고 불리는 권한 수준에 할당됩니다. 일반적으로 0부터 3까지의 숫자로 "
          "표현되며, 0이 가장 높은 권한을 가지고 있고, 3이 가장 낮은 권한을 가집니다.\n"
          "리눅스 시스템에서는 링 0이 커널 모드로, 링 3이 사용자 모드로 할당됩니다. 링 0에서는 "
          "시스템 전반에 대한 완전한 제어권이 주어지며, 커널은 시스템 자원에 직접 액세스할 수 "
          "있습니다. 반면에 링 3에서는 사용자 프로세스가 실행되며, 제한된 시스템 자원에만 접근할 "
          "수 있습니다.\n"
          "가상화에서는 호스트 운영 체제가 링 0에서 실행되고, 게스트 운영 체제가 링 3에서 "
          "실행됩니다. 이것은 호스트 운영 체제가 게스트 운영 체제의 동작을 제어하고 보호할 수 "
          "있도록 합니다. 이러한 링 보호 메커니즘은 시스템의 안전성과 보안을 유지하기 위해 중요한 "
          "역할을 합니다.\n",
          NULL);
    g_assert_false(deducted(&f, "링0이 젤 쎄고 링3이 젤 약함 커널은 0 유저는 3", "swapped"));
    end(&f);
}

/* Half sentences with adverbs are no list of terms. */
static void test_adverbs(void)
{
    struct fixture f;
    begin(&f, "리눅스를 가상화 서버에 올릴 때 어떤 점을 유의해야 할지?",
          "하드웨어 호환성을 확인해야 합니다. 리소스 할당 및 관리를 적절히 구성해야 합니다. "
          "보안을 유지하기 위해 방화벽과 보안 설정을 구성합니다.",
          NULL);
    const char *answer = "하드웨어 호환되는지 보고 리소스 분배 적당히, 보안설정";
    g_assert_false(deducted(&f, answer, "term-list"));
    g_assert_cmpint(score(&f, answer), >=, 60);
    end(&f);
}

/* 시키다 and 것으로 carry grammar: they earn nothing and are not quoted. */
static void test_causative(void)
{
    struct fixture f;
    begin(&f, "하이퍼바이저란?",
          "게스트 운영 체제를 실행시키는 것으로, 자원을 나눔으로써 격리한다.", NULL);
    struct grade_result *r = grade(f.s, "게스트를 실행시키는 것으로 압니다");
    g_assert_cmpuint(r->n_points, ==, 1);
    for (size_t w = 0; w < r->points[0].n_words; w++) {
        g_assert_null(strstr(r->points[0].words[w], "시키"));
        g_assert_cmpstr(r->points[0].words[w], !=, "것으");
    }
    grade_result_free(r);
    end(&f);
}

/* What need not be changed on one side and must be on the other. */
static void test_needless(void)
{
    struct fixture f;
    begin(&f, "전가상화와 반가상화를 비교하시오.",
          "전가상화를 사용하면 게스트를 수정할 필요 없이 운영 체제를 실행한다.\n"
          "반가상화는 게스트 운영 체제를 수정해야 하며 하이퍼바이저와 협력한다.",
          NULL);
    int right = score(&f, "전가상화는 게스트 수정 안해도 되고 반가상화는 수정해야함");
    int wrong = score(&f, "전가상화는 게스트를 수정해야되고 반가상화는 안고쳐도 됩니다");
    g_assert_cmpint(right, >=, 50);
    g_assert_cmpint(wrong, <=, 30);
    g_assert_cmpint(score(&f, "전가상화는 수정할 필요가 없고 반가상화는 게스트 수정이 필요하다"),
                    >=, 50);
    end(&f);
}

static void test_merits(void)
{
    struct fixture f;
    begin(&f, "캐시의 장단점은?",
          "장점은 접근 속도가 빠르다는 것이고, 단점은 일관성 관리와 용량 비용이다.", NULL);
    g_assert_true(deducted(
        &f, "장점은 일관성 관리와 용량 비용이고 단점은 접근 속도가 빠르다는 것입니다", "swapped"));
    g_assert_false(deducted(&f, "접근 속도가 빠른 게 장점이고 일관성 관리와 용량 비용이 단점입니다",
                            "swapped"));
    end(&f);
}

static void test_reversed(void)
{
    struct fixture f;
    begin(&f, "교착 상태는 왜 생기나요?",
          "프로세스들이 자원을 점유한 채 서로 기다리기 때문에 시스템이 멈추고 처리량이 떨어진다.",
          NULL);
    g_assert_true(deducted(
        &f, "시스템이 멈추고 처리량이 떨어지기 때문에 프로세스들이 자원을 점유한 채 서로 기다려요",
        "reversed"));
    g_assert_false(deducted(&f, "프로세스들이 자원을 점유하고 서로 기다리기 때문에 시스템이 멈춰요",
                            "reversed"));
    end(&f);
}

static void test_numbers(void)
{
    struct fixture f;
    begin(&f, "배열의 접근 복잡도와 HTTP의 포트는?",
          "배열의 원소는 O(1)에 접근한다. HTTP는 80번 포트를 쓴다.", NULL);
    g_assert_true(
        deducted(&f, "배열의 원소는 O(n)에 접근합니다. HTTP는 80번 포트를 씁니다", "number"));
    g_assert_true(
        deducted(&f, "배열의 원소는 O(1)에 접근합니다. HTTP는 8080번 포트를 씁니다", "number"));
    g_assert_false(
        deducted(&f, "배열의 원소는 O( 1 )에 접근하고 HTTP는 80번 포트를 씁니다", "number"));
    end(&f);
}

static void test_lists_and_echoes(void)
{
    struct fixture f;
    begin_udp(&f);
    g_assert_true(
        deducted(&f, "비연결형, 흐름 제어, 체크섬, 오류 검출, 실시간 스트리밍", "term-list"));
    g_assert_cmpint(score(&f, "비연결형, 흐름 제어, 체크섬, 오류 검출, 실시간 스트리밍"), <=, 38);
    g_assert_cmpint(score(&f, "UDP의 특성은?"), <=, 5);
    g_assert_cmpint(score(&f, "UDP의 특성이라면 UDP의 특성이죠"), <=, 5);
    g_assert_true(
        deducted(&f,
                 "비연결형 프로토콜이고 흐름 제어를 제공하지 않아요. 오늘 점심에는 친구와 "
                 "김치찌개를 먹고 산책을 했습니다.",
                 "irrelevant"));
    end(&f);
}

static void test_ramble(void)
{
    struct fixture f;
    begin_udp(&f);
    g_autoptr(GString) text = g_string_new("UDP는 비연결형 프로토콜이고 ");
    static const char *const other[] = {"데이터베이스의 인덱스는 레코드를 찾는 시간을 줄이고 ",
                                        "트리는 부모와 자식 노드로 이루어지며 ",
                                        "컴파일러는 소스 코드를 기계어로 번역하고 ",
                                        "커널은 메모리와 장치를 관리하며 ",
                                        "오류를 검출하는 체크섬이 있고 ",
                                        "실시간 스트리밍은 영상을 바로 보여 주며 "};
    for (int i = 0; i < 72; i++)
        g_string_append(text, other[i % 6]);
    g_string_append(text, "흐름 제어를 제공하지 않습니다.");
    g_assert_true(deducted(&f, text->str, "ramble"));
    g_assert_cmpint(score(&f, text->str), <=, 60);
    end(&f);
}

static void test_not_knowing(void)
{
    static const char *const none[] = {"모르겠습니다",
                                       "몰라요ㅠㅠ",
                                       "아직 공부 안 했어요",
                                       "기억이 하나도 안 나네요",
                                       "패스",
                                       "no idea",
                                       "I don't know.",
                                       "",
                                       "   \n",
                                       "😀😀😀",
                                       "ㅋㅋㅋㅋ",
                                       "까먹었네요 죄송합니다"};
    struct fixture f;
    begin_udp(&f);
    for (size_t i = 0; i < G_N_ELEMENTS(none); i++) {
        g_assert_cmpint(score(&f, none[i]), ==, 0);
    }
    /* a hedge before a real answer is none */
    g_assert_cmpint(score(&f,
                          "잘 모르겠는데 비연결형이고 흐름 제어를 제공하지 않고 체크섬으로 오류를 "
                          "검출하는 거 아닌가요"),
                    >=, 50);
    end(&f);
}

static void test_copied(void)
{
    struct fixture f;
    begin(&f, "가상화란?", "가상화는 물리 자원을 나누어 여러 가상 머신을 만드는 기술이다.",
          "하나의 서버에서 여러 운영체제를 격리하여 실행하게 해 준다.");
    struct grade_result *r =
        grade(f.s, "하나의 서버에서 여러 운영체제를 격리하여 실행하게 해 준다!");
    g_assert_true(r->copied);
    g_assert_cmpint(r->score, ==, 100);
    g_assert_cmpuint(r->model, ==, 1);
    grade_result_free(r);
    r = grade(f.s, "물리 자원을 쪼개서 가상 머신 여러 대를 만드는 거요");
    g_assert_false(r->copied);
    g_assert_cmpint(r->score, >=, 70);
    grade_result_free(r);
    end(&f);
}

static void test_open_ended(void)
{
    struct fixture f;
    begin(&f, "써본 것 중에 어떤 하이퍼바이저가 좋았는지?",
          "저의 경험으로는 ESXi 하이퍼바이저가 기업 환경에서 안정성과 확장성이 우수했습니다.",
          NULL);
    g_assert_true(grade_sheet_open_ended(f.s));
    g_assert_cmpint(
        score(&f, "회사에서 개발 서버로 KVM 하이퍼바이저를 썼는데 리눅스 커널에 들어 있어서 "
                  "설치가 쉽고 성능이 안정적이라 좋았어요"),
        >=, 50);
    g_assert_cmpint(score(&f, "하이퍼바이저가 좋았어요"), <=, 30);
    g_assert_cmpint(score(&f, "모르겠습니다"), ==, 0);
    end(&f);
    begin(&f, "하이퍼바이저란 무엇인가?", "가상 머신을 실행하는 소프트웨어이다.", NULL);
    g_assert_false(grade_sheet_open_ended(f.s));
    end(&f);
}

static void test_marked_points(void)
{
    static const char *const marked[] = {"비연결형", "체크섬"};
    struct bank_answer a = {
        .text = "UDP는 비연결형이고 체크섬을 쓰며 가볍다.", .marked = marked, .n_marked = 2};
    struct grade_question q = {.text = "UDP의 특성은?", .answers = &a, .n_answers = 1};
    grader *g = grader_new(lex, &q, 1);
    grade_sheet *s = grade_sheet_new(g, &q);
    int weight;
    g_assert_cmpuint(grade_sheet_points(s, 0), ==, 2);
    g_assert_cmpstr(grade_sheet_point(s, 0, 1, &weight), ==, "체크섬");
    g_assert_cmpint(weight, >, 0);
    g_autofree char *hint = grade_sheet_hint(s, 0, 1);
    g_assert_null(strstr(hint, "체크섬"));
    g_assert_nonnull(strstr(hint, "○"));
    grade_sheet_free(s);
    grader_free(g);
}

static void test_words(void)
{
    struct fixture f;
    begin_udp(&f);
    struct grade_result *r = grade(f.s, "Check-Sum으로 오류를 찾아내고 흐름제어는 없어요");
    bool found = false;
    for (size_t i = 0; i < r->n_points; i++)
        for (size_t w = 0; w < r->points[i].n_words; w++)
            found |= strcmp(r->points[i].words[w], "Check-Sum") == 0;
    g_assert_true(found); /* as typed */
    grade_result_free(r);
    end(&f);
}

static void test_hostile(void)
{
    struct fixture f;
    begin_udp(&f);
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; i < 20000; i++)
        g_string_append(text, "흐름");
    g_assert_cmpint(score(&f, text->str), <=, 40);
    g_string_truncate(text, 0);
    for (int i = 0; i < 5000; i++)
        g_string_append(text, "\xcc\x81"); /* a tower of accents */
    score(&f, text->str);
    g_assert_cmpint(score(&f, "\xff\xfe\x80 \xc3"), ==, 0);
    end(&f);
    begin(&f, "", "", NULL);
    g_assert_cmpint(score(&f, "무엇이든"), >=, 0);
    end(&f);
    struct grade_question none = {.text = "답이 없는 질문"};
    grader *g = grader_new(lex, &none, 1);
    grade_sheet *s = grade_sheet_new(g, &none);
    struct grade_result *r = grade(s, "무엇이든");
    g_assert_cmpint(r->score, ==, 0);
    g_assert_cmpuint(r->n_points, ==, 0);
    grade_result_free(r);
    grade_sheet_free(s);
    grader_free(g);
}

static void test_apportion(void)
{
    int share[4];
    apportion((const int64_t[]){1, 1, 1}, 3, 100, share);
    g_assert_cmpint(share[0] + share[1] + share[2], ==, 100);
    g_assert_cmpint(share[0], ==, 34);
    apportion((const int64_t[]){0, 0}, 2, 0, share);
    g_assert_cmpint(share[0], ==, 0);
}

static void test_likeness(void)
{
    g_assert_cmpint(grade_likeness("가상 머신이다.", "가상머신 이다"), ==, 1000);
    g_assert_cmpint(grade_likeness("가상 머신", "컨테이너 이미지"), <, 300);
    g_assert_cmpint(grade_likeness("", ""), ==, 1000);
}

static void test_korean(void)
{
    g_assert_true(korean_tables_sorted());
    static const char *const pairs[][2] = {{"메모리를", "메모리"}, {"흩어져서", "흩어"},
                                           {"보장합니다", "보장"}, {"차이", "차이"},
                                           {"이미지는", "이미지"}, {"값을", "값"},
                                           {"높은", "높"},         {"스토리지에서는", "스토리지"},
                                           {"급격히", "급격"},     {"특히", "특히"}};
    struct korean *korean = korean_new();
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
        struct gtext t;
        gtext_init(&t, NULL, pairs[i][0], strlen(pairs[i][0]));
        struct korean_word w;
        korean_stem(korean, t.c, t.n, &w);
        GString *stem = g_string_new(NULL);
        for (size_t k = 0; k < w.n; k++)
            g_string_append_unichar(stem, w.stem[k]);
        g_assert_cmpstr(stem->str, ==, pairs[i][1]);
        g_string_free(stem, TRUE);
        gtext_clear(&t);
    }
    korean_free(korean);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    lex = embedded_lexicon();
    g_test_add_func("/grade/own-words", test_own_words);
    g_test_add_func("/grade/spelling", test_spelling);
    g_test_add_func("/grade/denied", test_denied);
    g_test_add_func("/grade/swapped", test_swapped);
    g_test_add_func("/grade/one-word-crossing", test_one_word_crossing);
    g_test_add_func("/grade/causative", test_causative);
    g_test_add_func("/grade/needless", test_needless);
    g_test_add_func("/grade/adverbs", test_adverbs);
    g_test_add_func("/grade/merits", test_merits);
    g_test_add_func("/grade/reversed", test_reversed);
    g_test_add_func("/grade/numbers", test_numbers);
    g_test_add_func("/grade/lists-and-echoes", test_lists_and_echoes);
    g_test_add_func("/grade/ramble", test_ramble);
    g_test_add_func("/grade/not-knowing", test_not_knowing);
    g_test_add_func("/grade/copied", test_copied);
    g_test_add_func("/grade/open-ended", test_open_ended);
    g_test_add_func("/grade/marked-points", test_marked_points);
    g_test_add_func("/grade/words", test_words);
    g_test_add_func("/grade/hostile", test_hostile);
    g_test_add_func("/grade/apportion", test_apportion);
    g_test_add_func("/grade/likeness", test_likeness);
    g_test_add_func("/grade/korean", test_korean);
    int result = g_test_run();
    lexicon_free(lex);
    return result;
}
