"""The bot's queue of updates with getUpdates' offset rules, and the faults that concern updates."""
import json
import random

TYPES_OFF_BY_DEFAULT = ("chat_member", "message_reaction", "message_reaction_count")
_FUTURE, _PAST = 10, 2000000  # an offset further away than this is ignored by the real server


class UpdateQueue:
    """Used under the world's lock only."""

    def __init__(self, all_types, seed=None):
        self.random = random.Random(seed)
        self.next_id = self.random.randrange(100000000, 900000000)
        self.pending = []  # (update_id, b'"message":{...}', kind)
        self.all_types = list(all_types)
        self.allowed = None  # None: the default set
        self.held = False
        self.pushed = 0
        self.delivered = 0  # updates given out, repetitions included
        self.ghosts = []
        self.duplicate_in_batch = self.redeliver = self.shuffle = 0

    def wants(self, kind):
        return kind in self.allowed if self.allowed is not None else kind not in TYPES_OFF_BY_DEFAULT

    def set_allowed(self, names):
        """[] is the default; names that are no update type are ignored; None leaves the setting."""
        if names is not None:
            known = [n.lower() for n in names if n.lower() in self.all_types]
            self.allowed = known or None

    def push(self, kind, payload):
        """Returns the update_id, or None when the bot did not ask for this kind."""
        if not self.wants(kind):
            return None
        update_id, self.next_id = self.next_id, self.next_id + 1
        body = b'"%s":%s' % (kind.encode(), json.dumps(payload).encode())
        self.pending.append((update_id, body, kind))
        self.pushed += 1
        return update_id

    def ready(self):
        return not self.held and bool(self.pending or self.ghosts)

    def get(self, offset, limit):
        """Confirms what is before offset, then returns up to limit updates as JSON texts.

        They stay until a later offset confirms them."""
        if offset < 0:
            begin = max(self.next_id + offset, self.pending[0][0] if self.pending else self.next_id)
        elif offset == 0 or offset > self.next_id + _FUTURE or offset < self.next_id - _PAST:
            begin = None
        else:
            begin = offset
        if begin is not None and self.pending and self.pending[0][0] < begin:
            confirmed = [u for u in self.pending if u[0] < begin]
            self.pending = [u for u in self.pending if u[0] >= begin]
            while self.redeliver and confirmed:
                self.ghosts.append(confirmed.pop(0))
                self.redeliver -= 1
        if self.held:
            return []
        return self._render(limit)

    def _render(self, limit):
        batch = self.ghosts[:limit]
        self.ghosts = self.ghosts[limit:]
        batch += self.pending[:limit - len(batch)]
        if self.shuffle and len(batch) > 1:
            self.shuffle -= 1
            first = batch[:]
            while batch == first:
                self.random.shuffle(batch)
        if self.duplicate_in_batch and batch:
            doubled = []
            for update in batch:
                doubled.append(update)
                if self.duplicate_in_batch and len(doubled) < limit:
                    self.duplicate_in_batch -= 1
                    doubled.append(update)
            batch = doubled[:limit]
        self.delivered += len(batch)
        return [b'{"update_id":%d,%s}' % (u[0], u[1]) for u in batch]

    def jump(self, base=None):
        """What a week of silence does: the next update_id is a new random number. Nothing may be pending."""
        if base is None:
            base = self.random.randrange(2000001, max(self.next_id - 1000000, 2000002))
        self.next_id = base
