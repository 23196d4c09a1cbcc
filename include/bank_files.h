#ifndef BF
#define BF
#include "bank.h"
void bank_files_add(bank_builder *b, const char *path);
#endif
