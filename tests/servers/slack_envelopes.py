"""Records of Socket Mode: an envelope, its deliveries, a connection, a ticket."""
from dataclasses import dataclass, field


@dataclass
class Delivery:
    """One envelope on the wire. latency: seconds from writing it to its ack, None while there is none."""
    envelope_id: str
    kind: str
    connection: object
    sent: float
    envelope: object
    attempt: int = 0
    latency: float = None
    late: bool = False
    payload: object = None
    lost: bool = False                     # the socket ended or the deadline passed first
    timer: object = None
    ignored: bool = False                  # lose_acks(): its ack came and was thrown away


@dataclass
class Envelope:
    """Something to be told to the client, over one or more deliveries."""
    kind: str                              # events_api, slash_commands, interactive
    payload: dict
    accepts: bool
    on_ack: object = None                  # called once with the ack's payload or None
    on_fail: object = None                 # called when nobody took it
    check_payload: object = None           # returns a complaint about an ack's payload, or None
    attempt: int = 0
    reason: str = ''
    done: bool = False
    failed: bool = False
    deliveries: list = field(default_factory=list)

    @property
    def event_id(self):
        return self.payload.get('event_id') if isinstance(self.payload, dict) else None


@dataclass
class Connection:
    """A socket's life, for the log. state: handshake, open, closed, refused."""
    number: int
    ticket: str
    opened: float
    state: str = 'handshake'
    status: int = 0
    fault: str = ''
    closed: float = None
    close_code: int = None
    close_reason: str = ''
    clean: bool = None
    announced: str = ''                    # the disconnect reason sent to it
    acks: int = 0
    envelopes: int = 0
    client_pings: int = 0
    pongs: int = 0
    half_open: bool = False
    sabotaged: bool = False                # bytes outside the rules were sent to it: its end is no offence
    ws: object = None


class Ticket:
    def __init__(self, born):
        self.born, self.used = born, False
