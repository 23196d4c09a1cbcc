# interviewd. The everyday targets: make, make run, make test, make install; `make help` names the rest.
# Flavours live side by side under build/: release (build/), san (build/san), fuzz (build/fuzz).

SHELL := /bin/sh
CC ?= cc
ifeq ($(origin CC),default)
CC := gcc
endif
BUILD ?= build
FLAVOUR ?= release
prefix ?= /usr/local
# V=1 shows the commands.
Q := $(if $(V),,@)
say = $(if $(V),,@echo "  $(1)  $(2)")

# A tarball carries its version in a file; a checkout asks git.
VERSION := $(or $(shell cat VERSION 2>/dev/null),$(shell git describe --tags --always --dirty 2>/dev/null),0.1)

# ---- packages ------------------------------------------------------------------------------------------------------
# What the program links, each for the reason that docs/architecture.md gives.
PKGS := glib-2.0 libcurl jansson sqlite3 libcmark libedit
RUN_DEBS := gcc pkg-config libglib2.0-dev libcurl4-openssl-dev libjansson-dev libsqlite3-dev libcmark-dev \
            libwslay-dev libstemmer-dev libedit-dev tzdata ca-certificates
TEST_DEBS := $(RUN_DEBS) python3 clang libclang-rt-dev

# ---- flags ---------------------------------------------------------------------------------------------------------
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes -Wmissing-prototypes \
        -Wold-style-definition -Wformat=2 -Wundef -Wpointer-arith -Wwrite-strings -Wvla -Wnull-dereference \
        -Wimplicit-fallthrough -Wno-format-zero-length -Wno-overlength-strings
# clang sees a cast in GLib's g_utf8_next_char that gcc leaves to GLib.
ifeq ($(findstring clang,$(CC)),)
WARN += -Wcast-qual
endif
PKG_CFLAGS = $(shell pkg-config --cflags $(PKGS) 2>/dev/null | sed 's/-I/-isystem /g')
PKG_LIBS = $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lwslay -lstemmer -lm
HARDEN := -fstack-protector-strong -fPIE -fno-plt
ifeq ($(shell uname -m),x86_64)
HARDEN += -fcf-protection=full
endif
LD_HARDEN := -pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed
# Reproducible: no path of the build folder reaches the binary.
REPRO := -ffile-prefix-map=$(CURDIR)=. -Wdate-time

CSTD := -std=c17 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64
CFLAGS ?= -O2 -g
ifeq ($(FLAVOUR),san)
OPT := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all -DIV_FAULTS=1
LD_OPT := -fsanitize=address,undefined
else ifeq ($(FLAVOUR),fuzz)
OPT := -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
LD_OPT := -fsanitize=address,undefined
else
OPT := $(CFLAGS) -D_FORTIFY_SOURCE=2
LD_OPT :=
endif
ALL_CFLAGS = $(CSTD) $(WARN) $(HARDEN) $(REPRO) $(OPT) -Iinclude $(PKG_CFLAGS) $(EXTRA_CFLAGS)
ALL_LDFLAGS = $(LD_HARDEN) $(LD_OPT) $(LDFLAGS)

# ---- what is built -------------------------------------------------------------------------------------------------
FLAVOUR_DIR_release := $(BUILD)
FLAVOUR_DIR_san := $(BUILD)/san
FLAVOUR_DIR_fuzz := $(BUILD)/fuzz
D := $(FLAVOUR_DIR_$(FLAVOUR))
O := $(D)/obj

SRC := $(sort $(wildcard src/*/*.c))
MAIN := src/app/main.c
COMPILER := src/app/lexicon_compile.c
LIB_SRC := $(filter-out $(MAIN) $(COMPILER),$(SRC))
DATA := $(sort $(wildcard data/*.md data/text/*.txt data/aliases/*.tsv))
LIB_OBJ := $(LIB_SRC:src/%.c=$(O)/%.o) $(O)/embed_data.o
TEST_SRC := $(sort $(wildcard tests/unit/test_*.c))
TEST_BIN := $(TEST_SRC:tests/unit/%.c=$(D)/tests/%)

.PHONY: all run deps deps-test test kills help clean format format-check tidy fuzz bench install uninstall deb deb-test repro \
        check-tools

all: check-tools
	@$(MAKE) --no-print-directory FLAVOUR=$(FLAVOUR) $(D)/interviewd

help:
	@sed -n 's/^## //p' Makefile

## make            build build/interviewd (optimised); never installs anything
## make run        install what is missing, build, and be interviewed in this terminal
run: deps
	@$(MAKE) --no-print-directory -j$$(nproc) all
	@$(BUILD)/interviewd chat

## make deps       install what the program needs (apt, with sudo when not root)
deps:
	@sh tests/tools/deps.sh $(RUN_DEBS)
deps-test:
	@sh tests/tools/deps.sh $(TEST_DEBS)

check-tools:
	@command -v pkg-config >/dev/null && pkg-config --exists $(PKGS) && \
	  echo '#include <wslay/wslay.h>' | $(CC) -E -x c - >/dev/null 2>&1 && \
	  echo '#include <libstemmer.h>' | $(CC) -E -x c - >/dev/null 2>&1 || \
	  { echo 'Something that the build needs is missing. Run: make deps' >&2; exit 1; }

# Everything below runs in a recursive make, after deps, so that pkg-config is asked only when it is there.
$(D)/interviewd: $(O)/app/main.o $(D)/libinterviewd.a
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $(O)/app/main.o $(D)/libinterviewd.a $(PKG_LIBS)

$(D)/libinterviewd.a: $(LIB_OBJ)
	@rm -f $@
	@$(AR) rcsD $@ $(LIB_OBJ)

$(O)/%.o: src/%.c $(D)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(O)/app/version.o: ALL_CFLAGS += -DIV_VERSION='"$(VERSION)"'
$(O)/app/version.o: $(D)/version

$(O)/embed_data.c: src/base/embed.sh $(DATA) $(O)/lexicon.image
	@mkdir -p $(@D)
	@sh src/base/embed.sh $(DATA) $(O)/lexicon.image > $@.tmp && mv $@.tmp $@

# The alias tables are compiled while building, by the code that compiles an operator's own at a start.
COMPILER_OBJ = $(O)/app/lexicon_compile.o $(addprefix $(O)/core/,lexicon.o lexicon_image.o lexicon_stem.o \
               arena.o grade_korean.o grade_korean_words.o grade_stop.o grade_text.o)
$(O)/lexicon.image: $(COMPILER_OBJ) $(filter data/aliases/%,$(DATA))
	$(call say,LEX,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $(O)/lexicon_compile $(COMPILER_OBJ) $(PKG_LIBS)
	$(Q)$(O)/lexicon_compile $@ $(filter data/aliases/%,$(DATA))

$(O)/embed_data.o: $(O)/embed_data.c $(D)/flags
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

# Rebuild when compiler, flags or version change: the file's content is the key.
define keep_if_same
	@mkdir -p $(@D); printf '%s\n' '$(1)' | cmp -s - $@ || printf '%s\n' '$(1)' > $@
endef
$(D)/flags: FORCE
	$(call keep_if_same,$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS))
$(D)/version: FORCE
	$(call keep_if_same,$(VERSION))
FORCE:

$(D)/tests/%: tests/unit/%.c $(D)/libinterviewd.a
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CFLAGS) -Isrc $(ALL_LDFLAGS) -MMD -MP -o $@ $< $(D)/libinterviewd.a $(PKG_LIBS)

# The program with a disk that fails, for tests/e2e/test_disk.py.
$(D)/tests/failing_disk: tests/support/failing_disk.c $(D)/libinterviewd.a
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CFLAGS) -Isrc $(ALL_LDFLAGS) -MMD -MP -o $@ $< $(D)/libinterviewd.a $(PKG_LIBS)

tests-bin: $(TEST_BIN) $(D)/interviewd $(D)/tests/failing_disk

## make test       install what the tests need, build with sanitizers, run everything (T=name: only matching tests)
test: deps-test
	@$(MAKE) --no-print-directory -j$$(nproc) FLAVOUR=san tests-bin
	@python3 tests/run.py --build $(BUILD)/san --match '$(T)'

## make kills      the kill test's long version: 500 kills on Telegram and Slack
kills: deps-test
	@$(MAKE) --no-print-directory -j$$(nproc) FLAVOUR=san $(BUILD)/san/interviewd
	@KILLS=500 INTERVIEWD=$(abspath $(BUILD))/san/interviewd PYTHONDONTWRITEBYTECODE=1 python3 tests/e2e/test_kill.py

## make format     clang-format on every source; format-check only looks
FORMAT_SRC = $(wildcard src/*/*.[ch] include/*.h tests/*/*.[ch])
format:
	clang-format -i $(FORMAT_SRC)
format-check:
	@sh tests/tools/format-check.sh $(FORMAT_SRC)

## make tidy       clang-tidy over the sources
tidy:
	clang-tidy --quiet --warnings-as-errors='*' $(LIB_SRC) $(MAIN) -- $(CSTD) -DIV_VERSION='""' -Iinclude $(PKG_CFLAGS)

## make fuzz       SECONDS=n: run every libFuzzer target that long
FUZZ_SECONDS := $(if $(filter command line environment,$(origin SECONDS)),$(SECONDS),60)
fuzz:
	@$(MAKE) --no-print-directory FLAVOUR=fuzz CC=clang fuzz-bin
	@sh tests/fuzz/run.sh $(BUILD)/fuzz $(FUZZ_SECONDS) '$(T)'
FUZZ_SRC := $(sort $(wildcard tests/fuzz/fuzz_*.c))
FUZZ_BIN := $(FUZZ_SRC:tests/fuzz/%.c=$(D)/%)
fuzz-bin: $(FUZZ_BIN)
$(D)/fuzz_%: tests/fuzz/fuzz_%.c $(D)/libinterviewd.a
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CFLAGS) -Isrc -fsanitize=fuzzer $(LD_OPT) -pie -o $@ $< $(D)/libinterviewd.a $(PKG_LIBS)

## make bench      build release, run the benchmarks, print a table and write build/bench.json
bench: all
	@$(MAKE) --no-print-directory FLAVOUR=release bench-bin
	@python3 tests/bench/run.py --build $(BUILD) --match '$(T)'
BENCH_SRC := $(sort $(wildcard tests/bench/bench_*.c))
BENCH_BIN := $(BENCH_SRC:tests/bench/%.c=$(D)/bench/%)
LOAD_SRC := $(sort $(wildcard tests/bench/load_*.c))
LOAD_BIN := $(LOAD_SRC:tests/bench/%.c=$(D)/bench/%)
bench-bin: $(BENCH_BIN) $(LOAD_BIN)
$(D)/bench/%: tests/bench/%.c $(D)/libinterviewd.a
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CFLAGS) -Isrc $(ALL_LDFLAGS) -MMD -MP -o $@ $< $(D)/libinterviewd.a $(PKG_LIBS)
-include $(BENCH_BIN:=.d) $(LOAD_BIN:=.d)

# ---- installing ----------------------------------------------------------------------------------------------------
# The configuration is always in /etc/interviewd: the committed unit names it, whatever the prefix.
bindir ?= $(prefix)/bin
mandir ?= $(prefix)/share/man
unitdir ?= $(prefix)/lib/systemd/system
completiondir ?= $(prefix)/share/bash-completion/completions
confdir ?= /etc/interviewd
UNITS := systemd/interviewd.service systemd/interviewd-backup.service systemd/interviewd-backup.timer

## make install    binary, units, sample configuration, manual, completion, under DESTDIR and prefix (uninstall removes)
install: all
	install -d $(DESTDIR)$(bindir) $(DESTDIR)$(mandir)/man1 $(DESTDIR)$(unitdir) $(DESTDIR)$(completiondir) $(DESTDIR)$(confdir)
	install -m 755 $(BUILD)/interviewd $(DESTDIR)$(bindir)/interviewd
	install -m 644 docs/interviewd.1 $(DESTDIR)$(mandir)/man1/interviewd.1
	install -m 644 $(UNITS) $(DESTDIR)$(unitdir)
	install -m 644 config/completion.bash $(DESTDIR)$(completiondir)/interviewd
	test -e $(DESTDIR)$(confdir)/interviewd.conf || install -m 644 config/interviewd.conf $(DESTDIR)$(confdir)/interviewd.conf

# What an operator wrote stays: the configuration, unless it is the sample as it was, and every other file beside it.
uninstall:
	rm -f $(DESTDIR)$(bindir)/interviewd $(DESTDIR)$(mandir)/man1/interviewd.1 $(DESTDIR)$(completiondir)/interviewd
	rm -f $(addprefix $(DESTDIR)$(unitdir)/,$(notdir $(UNITS)))
	! cmp -s config/interviewd.conf $(DESTDIR)$(confdir)/interviewd.conf || rm -f $(DESTDIR)$(confdir)/interviewd.conf
	rmdir $(DESTDIR)$(confdir) 2>/dev/null || true

## make deb        a Debian package in build/deb; deb-test installs, runs, upgrades and purges it in Debian 12 and 13
deb:
	@sh tests/tools/deb.sh $(BUILD)/deb '$(VERSION)'
deb-test:
	@sh tests/tools/deb-test.sh $(BUILD)/deb-test '$(VERSION)'

## make repro      two builds in two folders, same bytes
repro:
	@sh tests/tools/reproducible.sh

clean:
	rm -rf $(BUILD)

ifneq ($(filter-out clean help deps deps-test uninstall deb deb-test repro,$(MAKECMDGOALS)),)
-include $(LIB_OBJ:.o=.d) $(O)/app/main.d $(O)/app/lexicon_compile.d $(TEST_BIN:=.d) $(D)/tests/failing_disk.d
endif
