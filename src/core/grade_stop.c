/* Function words of both languages: they carry grammar, not an answer. */
#include <uchar.h>

#include "grade_internal.h"

/* clang-format off */
static const char32_t *const korean[] = {
    U"가", U"가지는", U"가질", U"갖", U"갖는", U"같습니다", U"같아요", U"거", U"거기", U"거예",
    U"건", U"건데", U"걸", U"겁니", U"것들", U"것보", U"것으", U"것이", U"것입", U"게", U"결국",
    U"결론적", U"계속", U"과", U"관하", U"관한", U"관해", U"그", U"그것", U"그냥", U"그니까",
    U"그때", U"그래", U"그래서", U"그러", U"그러나", U"그러니까", U"그러므로", U"그러하",
    U"그러한", U"그런", U"그런데", U"그럼", U"그렇", U"그렇게", U"그리", U"그리고", U"근거",
    U"근데", U"글고", U"글쎄", U"까지", U"나", U"나서", U"너무", U"네", U"넵", U"는", U"는지",
    U"다만", U"다시", U"단", U"대신", U"대신에", U"대하", U"대한", U"대해", U"더", U"덕분", U"데",
    U"도", U"돼요", U"되", U"되게", U"되고", U"되기", U"되는", U"되어", U"된다", U"될", U"됨",
    U"됩니", U"됩니다", U"두", U"둘", U"들면", U"들어", U"듯", U"등", U"등을", U"등의", U"등이",
    U"따라", U"따라서", U"따르면", U"때", U"때까", U"때문", U"때문에", U"또", U"또는", U"또한",
    U"라", U"란", U"로", U"로서", U"를", U"만", U"만큼", U"많이", U"매번", U"매우", U"무슨",
    U"무엇", U"뭐", U"뭔", U"및", U"바로", U"반면", U"반면에", U"보다", U"보통", U"부터", U"뿐",
    U"수", U"수없", U"수있", U"시", U"시오", U"시키", U"시킨", U"시킬", U"실제로", U"아", U"아마",
    U"아주", U"안", U"약간", U"어", U"어떤", U"어떻", U"어떻게", U"에", U"에게", U"에대",
    U"에대해", U"에서", U"여기", U"예", U"예로", U"예를", U"와", U"왜", U"왜냐", U"왜냐하면",
    U"요약", U"요약하", U"요약하면", U"우리", U"위하", U"위한", U"위해", U"위해서", U"으로",
    U"으로서", U"은", U"은지", U"을", U"음", U"의", U"의하", U"의하면", U"의한", U"의해",
    U"의해서", U"이", U"이것", U"이것은", U"이고", U"이는", U"이다", U"이때", U"이라", U"이란",
    U"이러", U"이러하", U"이러한", U"이런", U"이렇", U"이렇게", U"이를", U"이며", U"이상",
    U"이제", U"이하", U"인", U"입니", U"입니다", U"있", U"있고", U"있는", U"있다", U"있습",
    U"있습니다", U"있어", U"있음", U"저", U"저것", U"저는", U"저의", U"저희", U"점", U"점입",
    U"정도", U"정리하면", U"정말", U"정하", U"제", U"제가", U"조금", U"좀", U"주로", U"중", U"즉",
    U"즉시", U"진짜", U"처럼", U"통하", U"통한", U"통해", U"통해서", U"특히", U"하", U"하게",
    U"하고", U"하기", U"하는", U"하면", U"하시오", U"하여", U"하지만", U"한", U"한데", U"할",
    U"함", U"함으", U"합니", U"합니다", U"항상", U"해", U"해서", U"해요", U"혹시", U"혹은",
};
/* Common in technical prose: they count, but little. */
static const char32_t *const faint[] = {
    U"가능", U"가장", U"가지", U"각", U"각각", U"값", U"값을", U"값이", U"같", U"같은", U"개념",
    U"것", U"결과", U"경우", U"과정", U"관련", U"기능", U"기본적", U"나타내", U"내용", U"다른",
    U"다양", U"다음", U"단계", U"대상", U"대표", U"대표적", U"데이터", U"뜻", U"말", U"말씀",
    U"먼저", U"모두", U"모든", U"문제", U"문제점", U"발생", U"방법", U"방식", U"방향", U"부르",
    U"부분", U"사용", U"상태", U"상황", U"생각", U"서로", U"설명", U"수행", U"시", U"실제", U"쓰",
    U"쓰는", U"쓰이", U"여러", U"여러가지", U"역할", U"요소", U"우선", U"위치", U"의미", U"이루",
    U"이용", U"이유", U"일", U"일반적", U"자체", U"작업", U"정보", U"제공", U"존재", U"종류",
    U"주요", U"중요", U"진행", U"차이", U"처리", U"특별", U"특징", U"필요", U"하나", U"한다",
    U"해당", U"형태", U"환경", U"활용",
};
static const char32_t *const english[] = {
    U"a", U"about", U"after", U"again", U"all", U"also", U"am", U"an", U"and", U"any", U"are",
    U"aren", U"aren't", U"as", U"at", U"be", U"because", U"been", U"before", U"being", U"between",
    U"both", U"but", U"by", U"can", U"can't", U"cannot", U"could", U"did", U"do", U"does", U"doesn",
    U"doesn't", U"don", U"don't", U"done", U"down", U"during", U"e.g", U"each", U"eg", U"else",
    U"etc", U"few", U"for", U"from", U"further", U"had", U"has", U"have", U"having", U"he",
    U"hence", U"her", U"here", U"his", U"how", U"however", U"i", U"i.e", U"ie", U"if", U"in",
    U"into", U"is", U"isn", U"isn't", U"it", U"it's", U"its", U"just", U"let", U"lets", U"like",
    U"may", U"me", U"might", U"more", U"most", U"must", U"my", U"n't", U"no", U"nor", U"not", U"of",
    U"off", U"on", U"once", U"one", U"only", U"onto", U"or", U"other", U"our", U"out", U"over",
    U"own", U"per", U"s", U"shall", U"she", U"should", U"so", U"some", U"such", U"t", U"than",
    U"that", U"the", U"their", U"them", U"then", U"there", U"therefore", U"these", U"they", U"this",
    U"those", U"thus", U"to", U"too", U"under", U"up", U"us", U"very", U"via", U"was", U"wasn't",
    U"we", U"were", U"what", U"when", U"where", U"which", U"while", U"who", U"whom", U"whose",
    U"why", U"will", U"with", U"would", U"you", U"your",
};
static const char32_t *const denials[] = {
    U"not", U"no", U"never", U"without", U"cannot", U"nor", U"neither",
};
/* clang-format on */

void stop_words_add(struct korean *k)
{
    korean_add(k, WORD_STOP, korean, G_N_ELEMENTS(korean));
    korean_add(k, WORD_FAINT, faint, G_N_ELEMENTS(faint));
    korean_add(k, WORD_ENGLISH, english, G_N_ELEMENTS(english));
    korean_add(k, WORD_NEGATES, denials, G_N_ELEMENTS(denials));
}

unsigned latin_kinds(const struct korean *k, const struct gch *c, size_t n)
{
    static const unsigned kinds = WORD_ENGLISH | WORD_NEGATES;
    uint32_t word[16];
    if (n >= G_N_ELEMENTS(word))
        return 0;
    for (size_t i = 0; i < n; i++)
        word[i] = c[i].cp == 0x2019 ? '\'' : c[i].cp;
    return korean_kinds(k, word, n) & kinds;
}
