#!/usr/bin/env python3
"""A group of three in English, the model answer in private, and a bot that nobody talks to. Prints TAP."""
import sqlite3
import sys
import time

from telegram_bot import FENCE, Bot, equal, run

TESTS = []
MODEL = "A cache keeps copies of often used data close by"
BANK = """# Systems

<details>
<summary>Explain what a cache is.</summary>

%s. It makes reading faster. It has to be invalidated when the original changes.

%sc
if (hit < miss) return lookup();
%s

</details>
""" % (MODEL, FENCE, FENCE)
GOOD = "It keeps copies of often used data close by to make reading faster, invalidated when the original changes."


def test(function):
    TESTS.append(function)
    return function


def english(tg, *names, bot=True):
    people = [tg.user(n, language="en") for n in names]
    return (tg.supergroup("Study", members=people, bot=bot), *people)


@test
def a_group_of_three_in_english(tg, place):
    group, ann, bob, eve = english(tg, "Ann", "Bob", "Eve", bot=False)
    group.promote(ann)
    with Bot(tg, place, "bot.language=en", bank=BANK) as bot:
        group.add_bot(by=ann)
        hello = tg.wait_for_message(group, "Hello!")
        ann.press(hello, "❓ First question").wait_answer()
        post = tg.wait_for_message(group, "Explain what a cache is", after=hello)
        equal(post.force_reply, None)
        bob.say(group, GOOD, reply_to=post)
        result = tg.wait_for_message(group, lambda m: m.reply_to and m.reply_to.sender is bob)
        assert MODEL not in result.visible and MODEL in result.content, result.visible
        assert "<pre>" not in result.source and "lookup()" not in result.visible
        hint = eve.press(post, lambda b: b.get("callback_data", "").startswith("hint")).wait_answer()
        assert "Hint 1" in hint["text"], hint
        eve.press(post, lambda b: "url" in b)
        asked = tg.wait_for_message(eve, "Explain what a cache is")
        equal(sorted(asked.force_reply), ["force_reply", "input_field_placeholder"])
        eve.tell("copies of data close by")
        tg.wait_for_message(eve, MODEL, after=asked)
        told = tg.wait_for_message(group, "Eve", after=result)
        assert "copies" not in told.content, told.content
        tg.wait(lambda: "2 answers" in post.content, 15, "the counter")
        ann.say(group, "/reveal close")
        tg.wait_for_message(group, "when the question closes", after=told)
        ann.say(group, "/leaderboard")
        board = tg.wait_for_message(group, "Bob", after=told)
        assert "Eve" in board.content
        tg.wait_idle()
        equal(bot.rows("SELECT count(*) FROM answers"), [(2,)])
        assert not any("가" <= c <= "힣" for m in tg.sent for c in m.content.replace("한국어", "")), "Korean in English"
        tg.check()


@test
def the_model_answer_in_private_comes_by_a_button(tg, place):
    group, ann, bob = english(tg, "Ann", "Bob")
    with Bot(tg, place, "bot.language=en", "bot.admins=%d" % ann.id, bank=BANK):
        ann.say(group, "/reveal private")
        done = tg.wait_for_message(group, "")
        ann.say(group, "/question")
        post = tg.wait_for_message(group, "Explain what a cache is", after=done)
        ann.say(group, "something else", reply_to=post)
        result = tg.wait_for_message(group, lambda m: m.reply_to and m.reply_to.sender is ann and m.seq > post.seq)
        assert MODEL not in result.content
        ann.press(result, lambda b: "url" in b)
        tg.wait_for_message(ann, MODEL)
        bob.press(result, lambda b: "url" in b)  # who has not answered gets no model answer
        told = tg.wait_for_message(bob, "first")
        tg.wait_idle()
        assert not any(MODEL in m.content for m in tg.messages(bob) + tg.messages(group)), told.content
        tg.check()


@test
def the_model_answer_is_posted_when_the_round_closes(tg, place):
    """reveal=close: before it no sentence of the model answer stands unhidden, after it all of it, once."""
    group, ann, bob, eve = english(tg, "Ann", "Bob", "Eve")
    sentences = [MODEL, "It makes reading faster", "return lookup()"]
    with Bot(tg, place, "bot.language=en", "bot.admins=%d" % ann.id, bank=BANK) as bot:
        ann.say(group, "/reveal close")
        done = tg.wait_for_message(group, "when the question closes")
        ann.say(group, "/question")
        post = tg.wait_for_message(group, "Explain what a cache is", after=done)
        # One repeats a sentence, one is wrong, one answers in private: nobody gets the rest of it.
        for person, text in ((ann, "copies of data near a processor"), (bob, "a cache is a kind of printer")):
            person.say(group, text, reply_to=post)
            result = tg.wait_for_message(group, lambda m: m.reply_to and m.reply_to.sender is person and m.seq > post.seq)
            assert "posted when the question closes" in result.content, result.content
            assert not any(s in result.content for s in sentences), result.content  # not even hidden
        eve.press(post, lambda b: "url" in b)
        asked = tg.wait_for_message(eve, "Explain what a cache is")
        eve.tell("no idea")
        alone = tg.wait_for_message(eve, "/100", after=asked)
        assert not any(s in alone.content for s in sentences), alone.content
        ann.press(post, lambda b: b.get("callback_data", "").startswith("hint")).wait_answer()
        ann.say(group, "/why")
        tg.wait_idle()
        before = tg.messages(group)
        for m in before:
            assert not any(s in m.visible for s in sentences), m.visible
        bot.kill()
        db = sqlite3.connect(place.path("a.db"))  # its time comes
        with db:
            equal(db.execute("UPDATE rounds SET closes = opened + 1").rowcount, 1)
        db.close()
        bot.start()
        closed = tg.wait_for_message(group, "Closed", after=before[-1])
        for s in sentences:
            assert s in closed.visible, closed.visible
        assert "3 answers" in closed.visible and "Ann" in closed.visible, closed.visible
        bob.say(group, "copies of data near the processor", reply_to=post)
        late = tg.wait_for_message(group, "had closed", after=closed)
        assert late.reply_to.sender is bob
        tg.wait_idle()
        equal(sum("Closed" in m.content for m in tg.messages(group)), 1, "closing posts")
        tg.check()


@test
def who_is_not_talked_to_only_waits(tg, place):
    with Bot(tg, place) as bot:
        tg.wait(lambda: len(tg.calls("setMyCommands")) == 9)
        tg.wait_idle(quiet=0.5)
        before = len(tg.requests)
        time.sleep(3)
        equal(len(tg.requests), before, "requests of an idle bot")
        equal(tg.pollers, 1)
        last = tg.calls("getUpdates")[-1].params
        equal(last["timeout"], 50)
        equal(sorted(last["allowed_updates"]), ["callback_query", "chat_member", "edited_message", "message",
                                                "my_chat_member"])
        equal(tg.counters["deleteWebhook"], 0)
        assert bot.process.poll() is None
        tg.check()


if __name__ == "__main__":
    sys.exit(run(TESTS))
