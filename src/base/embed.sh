#!/bin/sh
# Prints a C file that holds each file named on the command line, for embed.h:
# those of data/, and what the build made of them in its obj/.
# .incbin keeps a megabyte of tables out of the compiler; from a C file (and not
# a .S file) the object keeps its CET note.
set -eu
echo '/* Made by src/base/embed.sh: do not edit. */'
echo '#include "embed.h"'
i=0
for f in "$@"; do
    cat <<X
__asm__(".pushsection .rodata,\"a\",@progbits\n.balign 16\nembed_$i:\n.incbin \"$f\"\nembed_end_$i:\n.byte 0\n.popsection\n");
extern const char embed_$i[] __asm__("embed_$i");
extern const char embed_end_$i[] __asm__("embed_end_$i");
X
    i=$((i + 1))
done
echo 'const struct embed_file embed_files[] = {'
i=0
for f in "$@"; do
    name=${f#data/}
    echo "    {\"${name##*/obj/}\", embed_$i, embed_end_$i},"
    i=$((i + 1))
done
echo '    {0, 0, 0},'
echo '};'
