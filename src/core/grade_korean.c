/* Korean word shapes by rules and three short tables. */
#include "grade_korean.h"

#include <glib.h>
#include <string.h>
#include <uchar.h>

/*
 * Sorted by code point, so that a row is found and stands once. Particles and the copula's forms,
 * endings of verbs (with the auxiliaries that are often written to them), and
 * nouns that merely look as if they ended in one.
 */
/* clang-format off */
static const char32_t *const particles[] = {
    U"가", U"같이", U"거나", U"거든요", U"고요", U"과", U"과는", U"과도", U"과의", U"구요",
    U"까지", U"까지는", U"까지도", U"까지의", U"까진", U"께", U"께서", U"께선", U"끼리",
    U"끼리는", U"끼리도", U"끼리만", U"나", U"냐", U"네", U"네요", U"는", U"니까", U"다", U"대로",
    U"도", U"든", U"들", U"들과", U"들끼리", U"들끼리는", U"들도", U"들로", U"들에", U"들에게",
    U"들에서", U"들은", U"들을", U"들의", U"들이", U"들한테", U"라", U"라고", U"라는", U"라는데",
    U"라니까", U"라도", U"라서", U"란", U"란건", U"란게", U"랑", U"랑은", U"로", U"로는", U"로도",
    U"로만", U"로부터", U"로서", U"로써", U"로의", U"론", U"를", U"마다", U"마저", U"만", U"만은",
    U"만을", U"만의", U"만이", U"만큼", U"면", U"므로", U"밖에", U"별로", U"보다", U"보다는",
    U"보다도", U"부터", U"부터는", U"부턴", U"뿐", U"뿐만", U"씩", U"야", U"에", U"에게",
    U"에게서", U"에겐", U"에는", U"에다", U"에다가", U"에도", U"에만", U"에서", U"에서는",
    U"에서도", U"에서만", U"에서의", U"에선", U"에요", U"에의", U"엔", U"여서", U"였다", U"였던",
    U"였습니다", U"예여", U"예요", U"와", U"와는", U"와도", U"와의", U"요", U"으로", U"으로는",
    U"으로도", U"으로만", U"으로부터", U"으로서", U"으로써", U"으로의", U"으론", U"은", U"을",
    U"의", U"이", U"이거나", U"이거든요", U"이고", U"이고요", U"이구요", U"이군요", U"이기",
    U"이나", U"이냐", U"이네", U"이네요", U"이니", U"이니까", U"이다", U"이든", U"이라",
    U"이라고", U"이라는", U"이라는데", U"이라도", U"이라서", U"이란", U"이란거", U"이란건",
    U"이란게", U"이랑", U"이랑은", U"이며", U"이면", U"이므로", U"이야", U"이어서", U"이었다",
    U"이었던", U"이었습니다", U"이에여", U"이에요", U"이였다", U"이요", U"이자", U"이잖아요",
    U"이죠", U"이지", U"이지만", U"인", U"인가", U"인가요", U"인데", U"인데요", U"인지", U"일",
    U"일까", U"임", U"입니다", U"잖아요", U"정도", U"조차", U"죠", U"쯤", U"처럼", U"처럼은",
    U"하고", U"하고는", U"한테", U"한텐",
};

static const char32_t *const endings[] = {
    U"가고", U"가는", U"가며", U"가면서", U"가서", U"간다", U"갑니다", U"거", U"거고", U"거고요",
    U"거나", U"거든", U"거든요", U"거라", U"거라서", U"거에요", U"거예요", U"거죠", U"거지",
    U"건", U"건데", U"건데요", U"것", U"것은", U"것을", U"것이", U"게", U"게끔", U"게요", U"겠고",
    U"겠는데", U"겠다", U"겠습니다", U"겠어요", U"겠죠", U"겠지만", U"고", U"고나면", U"고나서",
    U"고서", U"고여", U"고요", U"구", U"구여", U"구요", U"군요", U"기", U"기가", U"기는", U"기도",
    U"기도록", U"기때문에", U"기로", U"기를", U"기만", U"기에", U"기위한", U"기위해", U"까",
    U"까요", U"나", U"나서", U"나요", U"네", U"네요", U"놓고", U"놓은", U"놔서", U"느냐", U"느라",
    U"는", U"는가", U"는거", U"는거고", U"는거고요", U"는거에요", U"는거예요", U"는거임",
    U"는거죠", U"는건", U"는걸", U"는것", U"는것을", U"는것이다", U"는게", U"는다", U"는다고",
    U"는다는", U"는다면", U"는데", U"는데요", U"는지", U"니", U"니까", U"니까요", U"니깐",
    U"니다", U"니다만", U"니당", U"니라", U"다", U"다가", U"다가는", U"다고", U"다고는", U"다는",
    U"다면", U"다음", U"더니", U"더라도", U"던", U"던가", U"던거", U"던것", U"던데", U"데",
    U"데요", U"도록", U"동안", U"두고", U"두면", U"둔", U"둠", U"둬서", U"둬야", U"뒤", U"뒤에",
    U"든", U"든가", U"든지", U"때", U"때는", U"때도", U"때문", U"때문에", U"라고", U"라는", U"러",
    U"려", U"려고", U"려고요", U"려나", U"려는", U"려면", U"려서", U"려요", U"렸다", U"리거나",
    U"리게", U"리고", U"리기", U"리는", U"리니까", U"리도록", U"리며", U"리면", U"리므로",
    U"리지", U"린", U"린다", U"릴", U"림", U"립니다", U"만큼", U"며", U"면", U"면서", U"면서도",
    U"면요", U"면은", U"므로", U"버려", U"버려서", U"버려요", U"버렸다", U"버리고", U"버리는",
    U"버리면", U"버린", U"버린다", U"버릴", U"버림", U"버립니다", U"뿐", U"뿐만", U"뿐이", U"서",
    U"서는", U"서도", U"서야", U"서요", U"세요", U"셔서", U"셔야", U"셨다", U"수", U"수록",
    U"슴다", U"습니까", U"습니다", U"습니다만", U"습니당", U"시", U"시고", U"시면", U"신", U"실",
    U"십니다", U"십시오", U"아", U"아도", U"아버리", U"아서", U"아선", U"아야", U"아야돼요",
    U"아야되고", U"아야됨", U"아야만", U"아야하", U"아야하고", U"아야한다", U"아야함",
    U"아야합니다", U"아야해요", U"아요", U"아있고", U"아있는", U"아있다", U"아있습니다",
    U"아있어서", U"아있어요", U"아있을", U"아있음", U"아져", U"아져서", U"아져요", U"아졌다",
    U"아주", U"아주고", U"아주는", U"아준다", U"아줌", U"아줍니다", U"아줘서", U"아줘요",
    U"아지고", U"아지기", U"아지는", U"아지면", U"아지지", U"아진", U"아질", U"아짐", U"아집니다",
    U"았거나", U"았고", U"았기", U"았는데", U"았는지", U"았다", U"았던", U"았습니다", U"았어요",
    U"았으니", U"았으며", U"았으면", U"았을", U"았음", U"았지만", U"야", U"야댐", U"야돼",
    U"야돼요", U"야되고", U"야됨", U"야하고", U"야하는", U"야하며", U"야한다", U"야함",
    U"야합니다", U"야해", U"야해요", U"어", U"어도", U"어버리", U"어서", U"어선", U"어야",
    U"어야돼요", U"어야되고", U"어야됨", U"어야만", U"어야하", U"어야하고", U"어야한다",
    U"어야함", U"어야합니다", U"어야해요", U"어요", U"어있고", U"어있는", U"어있다",
    U"어있습니다", U"어있어서", U"어있어요", U"어있을", U"어있음", U"어져", U"어져서", U"어져요",
    U"어졌다", U"어주", U"어주고", U"어주는", U"어준다", U"어줌", U"어줍니다", U"어줘서",
    U"어줘요", U"어지고", U"어지기", U"어지는", U"어지면", U"어지지", U"어진", U"어질", U"어짐",
    U"어집니다", U"었거나", U"었고", U"었기", U"었는데", U"었는지", U"었다", U"었던", U"었습니다",
    U"었어요", U"었으니", U"었으며", U"었으면", U"었으므로", U"었을", U"었음", U"었지만", U"에요",
    U"여", U"여도", U"여서", U"여야", U"여요", U"였고", U"였기", U"였는데", U"였다", U"였던",
    U"였습니다", U"였어요", U"였을", U"였음", U"였지만", U"예요", U"오고", U"오는", U"온",
    U"온다", U"옵니다", U"와서", U"요", U"으나", U"으니", U"으니까", U"으러", U"으려고",
    U"으려면", U"으며", U"으면", U"으면서", U"으므로", U"으세요", U"은", U"은가", U"은거",
    U"은거고", U"은거예요", U"은거임", U"은건", U"은걸", U"은게", U"은데", U"은데요", U"은지",
    U"을", U"을거", U"을것", U"을게요", U"을까", U"을까요", U"을때", U"을수", U"을지", U"음",
    U"이고", U"이다", U"이라", U"이라고", U"이라는", U"이라서", U"이며", U"이므로", U"이에요",
    U"이죠", U"이지만", U"인", U"인데", U"인데요", U"일", U"임", U"입니다", U"잇고", U"잇는",
    U"잇다", U"잇어서", U"잇어요", U"잇음", U"있게", U"있고", U"있는", U"있는데", U"있다",
    U"있던", U"있습니다", U"있어서", U"있어요", U"있으니까", U"있으며", U"있으면", U"있을",
    U"있음", U"있잖아요", U"있죠", U"있지", U"있지만", U"자", U"자고", U"잖아", U"잖아요", U"적",
    U"적으로", U"적이고", U"적이기", U"적이다", U"적이라", U"적이며", U"적이므로", U"적이어서",
    U"적이에요", U"적이지만", U"적인", U"적인데", U"적일", U"적임", U"적입니다", U"정도", U"져",
    U"져도", U"져서", U"져야", U"져요", U"졌다", U"죠", U"주고", U"주기", U"주는", U"주니까",
    U"주며", U"주면", U"주므로", U"주지", U"준", U"준다", U"줄", U"줌", U"줍니다", U"중", U"중에",
    U"중인", U"줘", U"줘서", U"줘야", U"줘요", U"쥬", U"지", U"지가", U"지거나", U"지게", U"지고",
    U"지기", U"지는", U"지는데", U"지니까", U"지도", U"지를", U"지만", U"지만요", U"지며",
    U"지면", U"지면서", U"지므로", U"지요", U"지지", U"진", U"진다", U"진다고", U"진다는", U"질",
    U"질수록", U"짐", U"집니다", U"후", U"후에",
};

static const char32_t *const protected_words[] = {
    U"가게", U"가상", U"가지", U"각각", U"각도", U"감도", U"감지", U"강도", U"같은", U"개발자",
    U"개요", U"개인", U"갱신기", U"거기", U"게스트", U"게이트웨이", U"결과", U"경고", U"경과",
    U"경로", U"경우", U"계기", U"계속", U"계층", U"고도", U"공지", U"관리", U"관리자", U"광고",
    U"구분자", U"국가", U"국어", U"권고", U"그대로", U"그때", U"그래서", U"그러나", U"그런",
    U"그리고", U"글로벌", U"금지", U"기기", U"기존", U"나머지", U"나이", U"나중", U"난수생성기",
    U"난이도", U"내용", U"네가지", U"네트워크", U"노드", U"논리", U"논의", U"놀이", U"농도",
    U"누구나", U"다른", U"다시", U"다운로드", U"다이", U"다일", U"단가", U"단기", U"단면",
    U"단어", U"단위", U"단일", U"단지", U"대기", U"대로", U"대해", U"데드라인", U"데이터",
    U"데이터베이스", U"도로", U"도메인", U"도서", U"동기", U"동기화", U"동시", U"동의", U"동일",
    U"두가지", U"들면", U"등", U"디렉터리", U"디렉토리", U"디바이스", U"디버그", U"디스펜서",
    U"디스플레이", U"디자인", U"디지털", U"딜레이", U"따라서", U"따로", U"때문", U"또는", U"또한",
    U"라벨", U"라우터", U"라이브러리", U"라인", U"랭귀지", U"레벨", U"레이", U"레지스터",
    U"레지스트리", U"로그", U"로그기", U"로그인", U"로드", U"로컬", U"로켓", U"롤", U"룰",
    U"리듬", U"리소스", U"리스트", U"리포지", U"리포지토리", U"리플레이", U"릴레이", U"링크",
    U"마스터", U"마켓", U"만료시기", U"많은", U"매번", U"매일", U"머신", U"먼저", U"메모리",
    U"메서드", U"메소드", U"메시지", U"메인", U"메일", U"명령어", U"모델", U"모두", U"모듈",
    U"모든", U"모바일", U"무게", U"문서", U"문의", U"문자", U"문제", U"물리", U"미들웨어",
    U"밀도", U"및", U"바로", U"바이너리", U"바이트", U"바인", U"박스", U"반면", U"반면에",
    U"반복자", U"방지", U"배열", U"배지", U"배터리", U"백본인", U"백엔드", U"버그", U"버스",
    U"버전", U"버킷", U"버퍼", U"번역기", U"범위", U"베이스", U"별로", U"병렬", U"보고", U"보다",
    U"보드", U"복잡도", U"본인", U"부과", U"부서", U"분기", U"분리", U"분야", U"불만", U"뷰포지",
    U"브라우저", U"브라켓", U"브리지", U"브릿지", U"블로그", U"블록체인", U"비동기", U"비용",
    U"비트", U"빈도", U"사고", U"사용", U"사용자", U"사이", U"상위", U"새로", U"생산자",
    U"생성기", U"생성자", U"서로", U"서버", U"서비스", U"성과", U"세가지", U"세그먼트", U"세션",
    U"센서", U"셀", U"셸", U"소비자", U"소스", U"소스지", U"소요", U"소켓", U"소프트웨어",
    U"속도", U"수요", U"수용", U"순도", U"순서", U"순위", U"숫자", U"쉘", U"스레드", U"스스로",
    U"스케줄", U"스케줄러", U"스타일", U"스택", U"스테이지", U"스토리지", U"스펙서", U"스핀",
    U"습도", U"승인", U"시그널", U"시기", U"시나", U"시도", U"시스템", U"시야", U"식별자",
    U"신고", U"신뢰도", U"실제로", U"심리", U"심볼", U"쓰기", U"쓰레기", U"쓰레드", U"아니",
    U"알고", U"알고리즘", U"암호기", U"어댑터", U"어떤", U"어레이", U"언어", U"언제나", U"업로드",
    U"에러", U"에지", U"엔트리", U"엣지", U"여기", U"여러가지", U"연산자", U"영어", U"예를",
    U"오버레이", U"오버헤드", U"오프라인", U"온도", U"온디맨드", U"온라인", U"완성도",
    U"왜냐하면", U"요소", U"요약", U"요인", U"요청", U"용기", U"용도", U"용어", U"우선도",
    U"우선순위", U"원리", U"원인", U"웹페이지", U"위해", U"유의", U"유일", U"유저", U"유지",
    U"응답", U"의도", U"의해", U"이다", U"이때", U"이런", U"이메일", U"이미지", U"이용",
    U"이터레이터", U"인덱스", U"인라인", U"인스턴스", U"인지", U"인지도", U"인터넷",
    U"인터페이스", U"인터프리터", U"일일", U"읽기", U"임의", U"자기", U"작가", U"작은", U"장기",
    U"장면", U"재고", U"재귀", U"재사용", U"저기", U"저런", U"저지", U"적용", U"전기", U"전문가",
    U"전부", U"접두사", U"접미사", U"정도", U"정렬", U"정리", U"정의", U"정지", U"정확도",
    U"제도", U"제어", U"조인", U"종이", U"주기", U"주로", U"주요", U"주의", U"중요", U"중요도",
    U"중지", U"즉", U"증가", U"지도", U"지위", U"직렬", U"질서", U"차이", U"참가", U"참고",
    U"창고", U"채널", U"처리", U"척도", U"체인", U"초과", U"초기", U"초기화", U"최고", U"추가",
    U"측면", U"카드", U"카테고리", U"캐릭터", U"캐시", U"캔버스", U"커널", U"커서", U"컨트롤",
    U"컴파일", U"컴파일기", U"컴퓨터", U"코드", U"콜", U"쿠키", U"쿼리", U"쿼리지", U"큐",
    U"크기", U"클라우드", U"클라이언", U"클래스", U"클러스터", U"키워드", U"키워드어", U"타일",
    U"탐지", U"태그", U"태도", U"터널", U"터미널", U"테스트", U"테이블", U"토큰", U"토폴로지",
    U"통과", U"통로", U"통일", U"통해", U"툴", U"튜플", U"트리", U"티켓", U"파라미터", U"파이",
    U"파이프라인", U"파일", U"패널", U"패스", U"패키지", U"패킷", U"펌웨어", U"페이지", U"평가",
    U"평면", U"평일", U"포스트", U"포인", U"포인터", U"포털", U"표면", U"풀", U"프레임웨어",
    U"프로그램", U"프로세서", U"프로세스", U"프로토콜", U"프로파일", U"프론트엔드", U"플래그",
    U"플러그인", U"픽셀", U"핀", U"필드", U"필요", U"필터", U"하나", U"하드", U"하드웨어",
    U"하위", U"하지만", U"학과", U"한가지", U"한도", U"할당", U"할인", U"합의", U"항상",
    U"해상도", U"해시", U"행렬", U"허가", U"허용", U"현실", U"협의", U"호스트", U"혹시나",
    U"혹은", U"홈페이지", U"화면", U"확인", U"활용", U"회로", U"회의", U"효과", U"힙",
};
/* clang-format on */

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* ---- the words of all tables by their letters ---- */

struct word {
    const char32_t *w; /* NULL: free */
    uint32_t hash;
    uint8_t n, kinds;
};

/* A third of the places are used. */
enum { WORDS_LOG2 = 12, WORDS = 1 << WORDS_LOG2, WORD_MAX = 16 };

struct korean {
    struct word words[WORDS];
    size_t longest;
};

static uint32_t mix(uint32_t h, uint32_t cp)
{
    return (h ^ cp) * UINT32_C(0x9E3779B1);
}

void korean_add(struct korean *k, unsigned kind, const char32_t *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char32_t *w = words[i];
        uint32_t h = 0;
        size_t len = 0;
        for (; w[len] != 0; len++)
            h = mix(h, w[len]);
        g_assert(len <= WORD_MAX);
        size_t at = h >> (32 - WORDS_LOG2);
        while (k->words[at].w != NULL &&
               (k->words[at].n != len || memcmp(k->words[at].w, w, len * sizeof *w) != 0))
            at = (at + 1) % WORDS;
        k->words[at] = (struct word){
            .w = w, .hash = h, .n = (uint8_t)len, .kinds = (uint8_t)(k->words[at].kinds | kind)};
        k->longest = len > k->longest ? len : k->longest;
    }
}

struct korean *korean_new(void)
{
    struct korean *k = g_new0(struct korean, 1);
    korean_add(k, WORD_PARTICLE, particles, COUNT(particles));
    korean_add(k, WORD_ENDING, endings, COUNT(endings));
    korean_add(k, WORD_PROTECTED, protected_words, COUNT(protected_words));
    return k;
}

void korean_free(struct korean *k)
{
    g_free(k);
}

unsigned korean_kinds(const struct korean *k, const uint32_t *s, size_t n)
{
    uint32_t h = 0;
    if (n == 0 || n > k->longest)
        return 0;
    for (size_t i = 0; i < n; i++)
        h = mix(h, s[i]);
    for (size_t at = h >> (32 - WORDS_LOG2); k->words[at].w != NULL; at = (at + 1) % WORDS) {
        const struct word *w = &k->words[at];
        if (w->hash == h && w->n == n && memcmp(w->w, s, n * sizeof *s) == 0)
            return w->kinds;
    }
    return 0;
}

static unsigned kinds_at(const struct korean *k, const struct gch *c, size_t n)
{
    uint32_t s[WORD_MAX];
    if (n > k->longest)
        return 0;
    for (size_t i = 0; i < n; i++)
        s[i] = c[i].cp;
    return korean_kinds(k, s, n);
}

static bool is(const struct korean *k, unsigned kind, const struct gch *c, size_t n)
{
    return (kinds_at(k, c, n) & kind) != 0;
}

static bool sorted(const char32_t *const *table, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const char32_t *a = table[i - 1], *b = table[i];
        while (*a != 0 && *a == *b)
            a++, b++;
        if (*a >= *b)
            return false;
    }
    return true;
}

bool korean_tables_sorted(void)
{
    return sorted(particles, COUNT(particles)) && sorted(endings, COUNT(endings)) &&
           sorted(protected_words, COUNT(protected_words));
}

#define TAIL_MAX 6 /* syllables of the longest row that matters */

/* Particles have one shape after a consonant and one after a vowel. */
static bool agrees(const struct gch *c, size_t n, uint32_t before)
{
    if (!hangul_is(before))
        return true; /* Latin and digits: it depends on how they are read */
    unsigned t = hangul_t(before);
    uint32_t first = c[0].cp;
    bool open = t == T_NONE;
    switch (first) {
    case 0xC740: /* 은 */
    case 0xC744: /* 을 */
    case 0xACFC: /* 과 */
        return !open;
    case 0xB294: /* 는 */
    case 0xB97C: /* 를 */
    case 0xAC00: /* 가 */
    case 0xC640: /* 와 */
    case 0xB780: /* 란 */
    case 0xB791: /* 랑 */
        return open;
    case 0xC73C: /* 으로 */
        return !open && t != T_L;
    case 0xB85C: /* 로 */
        return open || t == T_L;
    case 0xC774: /* 이: subject after a consonant; the copula after both */
        return !open || n > 1;
    default:
        return true;
    }
}

static enum tail particle_tail(const struct gch *c, size_t n)
{
    uint32_t last = c[n - 1].cp;
    if (last == 0xB294 || last == 0xC740 || (n <= 2 && (last == 0xB780 || last == 0xC774 + 0)))
        if (last != 0xC774)
            return TAIL_TOPIC; /* 은 는 란 */
    if (last == 0xB780)
        return TAIL_TOPIC;
    if (n == 1 && (last == 0xC774 || last == 0xAC00))
        return TAIL_SUBJECT;
    if (last == 0xB97C || last == 0xC744)
        return TAIL_OBJECT;
    if (n >= 1 && last == 0xBA74)
        return TAIL_IF; /* 면, 이면 */
    switch (last) {
    case 0xACE0: /* 고 */
    case 0xBA70: /* 며 */
    case 0xC11C: /* 서: 에서 is a particle, 라서 a clause */
        return last == 0xC11C && c[0].cp != 0xB77C && c[0].cp != 0xC774 && c[0].cp != 0xC5EC
                   ? TAIL_OTHER
                   : TAIL_AND;
    case 0xB9CC: /* 만: 이지만 */
        return n > 1 && c[n - 2].cp == 0xC9C0 ? TAIL_AND : TAIL_OTHER;
    case 0xB370: /* 데 */
    case 0xB2C8: /* 니 */
    case 0xAE4C: /* 까 */
        return TAIL_AND;
    case 0xB2E4: /* 다 */
    case 0xC694: /* 요 */
    case 0xC784: /* 임 */
    case 0xC8E0: /* 죠 */
    case 0xB124: /* 네 */
        return TAIL_FINAL;
    case 0xC778: /* 인 */
        return TAIL_ADNOM;
    default:
        return TAIL_OTHER;
    }
}

static enum tail ending_tail(const struct gch *c, size_t n)
{
    if (c[0].cp == 0xC801 && n <= 3) { /* -적, -적으로, -적인, -적이다 */
        uint32_t last = c[n - 1].cp;
        return last == 0xC778 || last == 0xC77C ? TAIL_ADNOM
               : last == 0xB2E4                 ? TAIL_FINAL
                                                : TAIL_OTHER;
    }
    if (c[0].cp == 0xC9C0 && n <= 2 && c[n - 1].cp != 0xB9CC && c[n - 1].cp != 0xC694)
        return TAIL_OTHER; /* -지, -지는, -지도 before 않: the clause goes on; not -지만, -지요 */
    switch (c[n - 1].cp) {
    case 0xB2E4: /* 다 */
    case 0xC694: /* 요 */
    case 0xC8E0: /* 죠 */
    case 0xB124: /* 네 */
    case 0xB2F9: /* 당 */
        return TAIL_FINAL;
    case 0xBA74: /* 면 */
        return TAIL_IF;
    case 0xC74C: /* 음 */
    case 0xAE30: /* 기 */
    case 0xC9D0: /* 짐 */
    case 0xC90C: /* 줌 */
        return TAIL_NOMINAL;
    case 0xB294: /* 는 */
    case 0xC740: /* 은 */
    case 0xC744: /* 을 */
    case 0xB358: /* 던 */
    case 0xC9C4: /* 진 */
    case 0xC9C8: /* 질 */
    case 0xC900: /* 준 */
    case 0xB9B0: /* 린 */
    case 0xD55C: /* 한 */
    case 0xD560: /* 할 */
    case 0xB41C: /* 된 */
    case 0xB420: /* 될 */
    case 0xC788: /* 있는 without its ending */
        return TAIL_ADNOM;
    default:
        return TAIL_AND;
    }
}

enum tail korean_tail_of(const struct korean *k, const struct gch *c, size_t n, uint32_t before)
{
    if (n == 0)
        return TAIL_NONE;
    if (is(k, WORD_PARTICLE, c, n) && agrees(c, n, before))
        return particle_tail(c, n);
    return ending_tail(c, n);
}

size_t korean_particle_at(const struct korean *k, const struct gch *c, size_t n, uint32_t before)
{
    for (size_t len = n < TAIL_MAX ? n : TAIL_MAX; len > 0; len--)
        if (is(k, WORD_PARTICLE, c, len) && agrees(c, len, before))
            return len;
    return 0;
}

/* 하다 and 되다 in their shapes, which make verbs of nouns. */
static bool light_verb(uint32_t cp)
{
    static const char32_t shapes[] = U"하한할함합해했되된될됨됩돼됐댐됌";
    for (size_t i = 0; shapes[i] != 0; i++)
        if (shapes[i] == cp)
            return true;
    return false;
}

bool korean_is_tail(const struct korean *k, const struct gch *c, size_t n, bool fused)
{
    if (n == 0)
        return true;
    if (n > 10)
        return false;
    if (is(k, fused ? WORD_ENDING : WORD_ENDING | WORD_PARTICLE, c, n))
        return true;
    if (!fused && light_verb(c[0].cp) && korean_is_tail(k, c + 1, n - 1, hangul_t(c[0].cp) != 0))
        return true;
    /* an ending in two steps: 았/었/겠/시 or -지, and the rest */
    for (size_t first = 1; first < n && first <= 2; first++)
        if (is(k, WORD_ENDING, c, first) && is(k, WORD_ENDING, c + first, n - first))
            return true;
    return false;
}

static void keep(struct korean_word *w, const struct gch *c, size_t n)
{
    w->n = n < KOREAN_STEM_MAX ? n : KOREAN_STEM_MAX;
    for (size_t i = 0; i < w->n; i++)
        w->stem[i] = c[i].cp;
}

/* 진/질/집 and the like at a stem's end hide an open syllable: 흩어진 is 흩어지. */
static void open_last(struct korean_word *w)
{
    static const char32_t closed[] =
        U"진질집짐린릴립림킨킬킵킴운울웁움른를릅름난날납남긴길깁김쓴쓸씁씀낸낼냅냄";
    if (w->n < 2 && !(w->n == 1 && w->verb))
        return;
    uint32_t last = w->stem[w->n - 1];
    for (size_t i = 0; closed[i] != 0; i++)
        if (closed[i] == last)
            w->stem[w->n - 1] = last - hangul_t(last);
}

/* 져 is 지, 려 is 리, 켜 is 키: the contracted shape before -어. */
static void uncontract(struct korean_word *w)
{
    uint32_t last = w->stem[w->n - 1];
    unsigned v = hangul_v(last), t = hangul_t(last);
    if (w->n < 2 || !hangul_is(last) || (t != T_NONE && t != T_SS))
        return;
    unsigned l = hangul_l(last);
    if (v == 6) /* ㅕ */
        w->stem[w->n - 1] = hangul_make(l, 20, 0);
    else if (v == 14) /* ㅝ */
        w->stem[w->n - 1] = hangul_make(l, 13, 0);
    else if (t == T_SS)
        w->stem[w->n - 1] = hangul_make(l, v, 0);
}

static bool cut_light_verb(const struct korean *k, const struct gch *c, size_t n,
                           struct korean_word *w)
{
    for (size_t i = 1; i < n; i++) {
        if (!light_verb(c[i].cp))
            continue;
        size_t rest = n - i - 1;
        /* after one syllable only where no noun looks so: 변합니다, 구했다, but 제한은, 이해 */
        if (i == 1 && !((c[i].cp == 0xD569 || c[i].cp == 0xD588) && rest > 0))
            continue;
        if (!korean_is_tail(k, c + i + 1, rest, hangul_t(c[i].cp) != 0))
            continue;
        keep(w, c, i);
        w->verb = true;
        if (rest > 0)
            w->tail = ending_tail(c + i + 1, rest);
        else
            w->tail = hangul_t(c[i].cp) == T_M                               ? TAIL_NOMINAL
                      : hangul_t(c[i].cp) == T_N || hangul_t(c[i].cp) == T_L ? TAIL_ADNOM
                                                                             : TAIL_AND;
        return true;
    }
    return false;
}

static bool cut_tail(const struct korean *k, const struct gch *c, size_t n, struct korean_word *w)
{
    for (size_t i = n > 2 ? 2 : 1; i < n; i++) {
        const struct gch *rest = c + i;
        unsigned kinds = kinds_at(k, rest, n - i) & (WORD_PARTICLE | WORD_ENDING);
        if (kinds == 0 || !agrees(rest, n - i, c[i - 1].cp))
            continue;
        bool part = (kinds & WORD_PARTICLE) != 0;
        keep(w, c, i);
        w->verb = !part;
        w->tail = part ? particle_tail(rest, n - i) : ending_tail(rest, n - i);
        return true;
    }
    return false;
}

void korean_stem(const struct korean *k, const struct gch *c, size_t n, struct korean_word *w)
{
    w->tail = TAIL_NONE;
    w->verb = false;
    if (n < 2 || is(k, WORD_PROTECTED, c, n)) {
        keep(w, c, n);
        return;
    }
    /* a protected word with a particle */
    for (size_t i = n - 1; i >= 2; i--) {
        if (is(k, WORD_PROTECTED, c, i) && korean_is_tail(k, c + i, n - i, false)) {
            keep(w, c, i);
            w->tail = korean_tail_of(k, c + i, n - i, c[i - 1].cp);
            return;
        }
    }
    if (!cut_light_verb(k, c, n, w) && !cut_tail(k, c, n, w))
        keep(w, c, n);
    if (w->verb || w->tail == TAIL_NONE) {
        uncontract(w);
        open_last(w);
    }
}

size_t korean_shape(const uint32_t *cp, size_t n, bool verb, size_t which, uint32_t *out)
{
    uint32_t last = cp[n - 1];
    unsigned l = hangul_l(last), v = hangul_v(last), t = hangul_t(last);
    memcpy(out, cp, n * sizeof *cp);
    if (t == T_NONE && last == 0xB974 && n >= 2 && hangul_is(cp[n - 2]) &&
        hangul_t(cp[n - 2]) == T_NONE) { /* 르: 빠르, 빨라 */
        if (which > 1)
            return 0;
        out[n - 2] = cp[n - 2] + T_L;
        out[n - 1] = which == 0 ? 0xB77C : 0xB7EC;
        return n;
    }
    if (t == T_NONE) {
        static const int8_t first[21] = {
            [0] = -1, [8] = 9, [13] = 14, [18] = 4, [20] = 6, [11] = 10};
        if (last == 0xD558) /* 하: 해 */
            return which == 0 ? (out[n - 1] = 0xD574, n) : 0;
        if (which == 0 && first[v] > 0)
            return out[n - 1] = hangul_make(l, (unsigned)first[v], 0), n;
        if (which == 1 && v == 18) /* ㅡ: 바쁘, 바빠 */
            return out[n - 1] = hangul_make(l, 0, 0), n;
        return 0;
    }
    if (t == T_B && which < 2) { /* 가볍: 가벼우, 가벼워 */
        out[n - 1] = hangul_make(l, v, 0);
        out[n] = which == 0 ? 0xC6B0 : 0xC6CC;
        return n + 1;
    }
    if (!verb || which > 0)
        return 0;
    if (t == T_L) /* 만들: 만드 */
        return out[n - 1] = hangul_make(l, v, 0), n;
    if (t == T_D) /* 싣: 실 */
        return out[n - 1] = hangul_make(l, v, T_L), n;
    return 0;
}
