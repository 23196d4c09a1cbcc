/* What counts as a key point of a model answer, and what only leads to one. */
#include <glib.h>
#include <string.h>

#include "app/cmd_grade.h"
#include "core/grade_internal.h"

static lexicon *lex;

/* The key points of A, one a line: *new*. */
static char *points_of(const char *question, const struct bank_answer *a)
{
    struct grade_question q = {.text = question, .answers = a, .n_answers = 1};
    grader *g = grader_new(lex, &q, 1);
    grade_sheet *s = grade_sheet_new(g, &q);
    GString *out = g_string_new(NULL);
    int sum = 0;
    for (size_t i = 0; i < grade_sheet_points(s, 0); i++) {
        int weight;
        g_string_append_printf(out, "%s%s", i > 0 ? "\n" : "", grade_sheet_point(s, 0, i, &weight));
        sum += weight;
    }
    g_assert_cmpint(sum, ==, 100);
    grade_sheet_free(s);
    grader_free(g);
    return g_string_free(out, FALSE);
}

static void check(const char *question, const char *model, const char *points)
{
    struct bank_answer a = {.text = model};
    g_autofree char *got = points_of(question, &a);
    g_assert_cmpstr(got, ==, points);
}

static void test_headings(void)
{
    /* what the point under it says again is not shown twice */
    check("리눅스에서 가상화를 어떻게 구현하나요?",
          "1. 컨테이너 가상화:\n- 컨테이너 가상화는 커널을 공유합니다.\n- 이식성이 높습니다.",
          "컨테이너 가상화는 커널을 공유합니다.\n이식성이 높습니다.");
    /* a name that is part of the answer stays in sight */
    check("교착상태의 조건은?",
          "상호 배제:\n한 번에 한 프로세스만 자원을 쓴다.\n순환 대기 :\n서로 꼬리를 문다.",
          "상호 배제: 한 번에 한 프로세스만 자원을 쓴다.\n순환 대기 : 서로 꼬리를 문다.");
    check("What is a REST verb?", "Before HTTP 1.1, PATCH was unknown:\nGET / HTTP/1.0",
          "Before HTTP 1.1, PATCH was unknown: GET / HTTP/1.0");
    /* one heading under another */
    check("스택이란?", "특징:\n삽입:\n맨 위에 넣는다.", "특징: 삽입: 맨 위에 넣는다.");
    /* nothing stands under it */
    check("가장 안전한 방식은?", "빠르다.\nHTTPS:", "빠르다.\nHTTPS:");
    check("가장 안전한 방식은?", "HTTPS:", "HTTPS:");
}

static void test_bare_headings(void)
{
    check("가상화의 장단점?", "- 장점\n1. 자원을 아낀다.\n2. 옮기기 쉽다.\n- 단점\n1. 느리다.",
          "장점: 자원을 아낀다.\n옮기기 쉽다.\n단점: 느리다.");
    check("BFS와 DFS의 장단점은?",
          "1. BFS 장점\n  1. 최단 경로를 찾는다.\n2. DFS 장점\n  1. 메모리를 덜 쓴다.",
          "BFS 장점: 최단 경로를 찾는다.\nDFS 장점: 메모리를 덜 쓴다.");
    check("MVC의 패턴은?", "- 옵저버 패턴\n변경을 뷰에게 알린다.",
          "옵저버 패턴: 변경을 뷰에게 알린다.");
    check("DFS의 장단점?", "장점\n메모리를 덜 쓴다.\n단점\n깊이 빠질 수 있다.",
          "장점: 메모리를 덜 쓴다.\n단점: 깊이 빠질 수 있다.");
    /* a list of names is a list of facts */
    check("UDP의 특성은?", "- 비연결형\n- 체크섬\n- 가벼운 헤더", "비연결형\n체크섬\n가벼운 헤더");
    check("UDP의 특성은?", "- 비연결형\n- 체크섬으로 오류를 찾는다.",
          "비연결형\n체크섬으로 오류를 찾는다.");
    check("교착상태 조건은?", "상호 배제\n점유와 대기\n비선점", "상호 배제\n점유와 대기\n비선점");
    check("장점은?", "장점: 빠르다\n단점: 비싸다", "장점: 빠르다\n단점: 비싸다");
    /* code that is not known as such */
    check("How does it return?", "return x;\n}\nIt leaves the function.",
          "return x;\nIt leaves the function.");
}

static void test_filler(void)
{
    check("리눅스에서 가상화를 어떻게 구현하나요?",
          "컨테이너와 하이퍼바이저 두 가지가 있습니다. 각각에 대해 설명해보겠습니다.\n커널을 "
          "공유합니다.",
          "컨테이너와 하이퍼바이저 두 가지가 있습니다.\n커널을 공유합니다.");
    check("가상화의 장단점?", "가상화의 장점과 단점은 다음과 같습니다:\n빠르다.\n비싸다.",
          "빠르다.\n비싸다.");
    check("리눅스를 서버에 올릴 때 어떤 점을 유의해야 할지?",
          "리눅스를 서버에 올릴 때 주의해야 할 점은 몇 가지 있습니다. 호환성을 확인한다.",
          "호환성을 확인한다.");
    check("TCP란?", "연결형이다. 정리하면 이렇습니다.", "연결형이다.");
    check("TCP란?", "아래에서 자세히 살펴보겠습니다. 연결형이다.", "연결형이다.");
    check("What is a pure function?",
          "A pure function is a function that satisfies these two conditions:\n- The same output.",
          "The same output.");
    check("In which states can a Promise be?", "A Promise is in one of these states:\npending",
          "pending");
    check("How does hoisting work?", "Here is an example:\nvar x is lifted.", "var x is lifted.");
    check("B+ 트리란?", "균형 트리다. 출처: https://example.com\n참고 링크\n등등", "균형 트리다.");
    /* the origin of the web's security is no source of a text */
    check("CORS란?", "다른 출처의 자원을 쓰게 한다.\n출처: 프로토콜, 호스트, 포트의 조합",
          "다른 출처의 자원을 쓰게 한다.\n출처: 프로토콜, 호스트, 포트의 조합");
    check("동일 출처 정책이란?", "출처: 프로토콜, 호스트, 포트\n다르면 막는다.",
          "출처: 프로토콜, 호스트, 포트\n다르면 막는다.");
    check("B+ 트리란?", "균형 트리다.\n출처: 위키백과\n출처 : 블로그", "균형 트리다.");
    check("Why TCP?", "Let me explain. It is reliable.", "It is reliable.");
}

/* Sentences of the same make that say something. */
static void test_facts(void)
{
    static const char *const facts[] = {
        "출처를 확인한다.",
        "다음 노드의 주소를 저장한다.",
        "스택 포인터는 다음과 같이 감소한다.",
        "교착상태의 조건은 상호 배제, 점유와 대기, 비선점, 순환 대기 네 가지가 있다.",
        "설명하지 않은 예외는 호출한 곳으로 던져진다.",
        "정리하면 커널을 공유한다.",
        "하드웨어 호환성은 다음과 같이 확인합니다.",
        "There are 6 falsy values.",
        "The closure has access to variables in three scopes.",
        "These objects are immutable.",
        "However, there are some cases where they are required.",
        "The following map function is synchronous.",
        "Instance methods provide terser syntax below.",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(facts); i++) {
        g_autofree char *model = g_strconcat(facts[i], "\n빠르다.", NULL);
        g_autofree char *points = g_strconcat(facts[i], "\n빠르다.", NULL);
        check("무엇인가요?", model, points);
    }
    /* what there is, when there is nothing else */
    check("가상화의 장단점?", "장점과 단점은 다음과 같습니다.", "장점과 단점은 다음과 같습니다.");
    check("가상화의 장단점?", "다음과 같습니다:\n아래와 같습니다.",
          "다음과 같습니다: 아래와 같습니다.");
}

/* A block of code is one point, and what announces it is part of it. */
static void test_code(void)
{
    static const struct bank_part parts[] = {
        {.text = "It runs once. The code above can be put in a shape that is rather like so:"},
        {.code = true,
         .text = "\n  const once = f => {\n  let done\n\n  return () => done || f()\n}"},
        {.text = "Closures\nkeep the state. Instead of:"},
        {.code = true, .text = "f()"},
        {.code = true, .text = "absent()"},
        {.text = "f()"},
    };
    struct bank_answer a = {.parts = parts, .n_parts = G_N_ELEMENTS(parts)};
    g_autofree char *text =
        g_strjoin("\n", parts[0].text, parts[1].text, parts[2].text, parts[3].text, "f()", NULL);
    a.text = text;
    g_autofree char *got = points_of("How to run once?", &a);
    g_assert_cmpstr(
        got, ==,
        "It runs once.\n"
        "The code above can be put in a shape that is rather like so: const once = f => { …\n"
        "Closures: keep the state.\n"
        "Instead of: f()\n"
        "f()");
}

/* The marks of a question's answers are kept together: what another one has says nothing here. */
static void test_marks_elsewhere(void)
{
    static const char *const marked[] = {"체크섬"};
    struct bank_answer a = {.text = "비연결형이다. 빠르다.", .marked = marked, .n_marked = 1};
    g_autofree char *got = points_of("UDP의 특성은?", &a);
    g_assert_cmpstr(got, ==, "비연결형이다.\n빠르다.");
}

/* Who says all that the points say has all points. */
static void test_worth(void)
{
    struct bank_answer a = {
        .text = "각각에 대해 설명해보겠습니다.\n1. 컨테이너:\n- 커널을 공유하며 격리한다.\n"
                "2. 하이퍼바이저:\n- 게스트 운영 체제를 여럿 실행한다."};
    struct grade_question q = {
        .text = "가상화를 어떻게 구현하나요?", .answers = &a, .n_answers = 1};
    grader *g = grader_new(lex, &q, 1);
    grade_sheet *s = grade_sheet_new(g, &q);
    struct grade_result *r =
        grade(s, "컨테이너는 커널을 공유하면서 격리하고 하이퍼바이저는 게스트 OS를 여러 개 돌려요");
    g_assert_cmpuint(r->n_points, ==, 2);
    for (size_t i = 0; i < r->n_points; i++)
        g_assert_cmpint(r->points[i].cover, ==, GRADE_COVERED);
    grade_result_free(r);
    grade_sheet_free(s);
    grader_free(g);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    lex = embedded_lexicon();
    g_test_add_func("/sheet/headings", test_headings);
    g_test_add_func("/sheet/bare-headings", test_bare_headings);
    g_test_add_func("/sheet/filler", test_filler);
    g_test_add_func("/sheet/facts", test_facts);
    g_test_add_func("/sheet/code", test_code);
    g_test_add_func("/sheet/marks-elsewhere", test_marks_elsewhere);
    g_test_add_func("/sheet/worth", test_worth);
    int result = g_test_run();
    lexicon_free(lex);
    return result;
}
