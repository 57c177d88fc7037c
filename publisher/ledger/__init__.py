"""The dispatcher: takes what is due from the ledger, sends it once, and finds out what happened where it doesn't know.

`Worker` is the whole. The store's one door writes every change; `Outbound` is what it asks of the rest of publisher.
"""

from publisher.ledger.outbound_port import AskPerson, Go, NotBefore, Outbound, Prepared
from publisher.ledger.pace import Pace
from publisher.ledger.worker import Worker

__all__ = ["AskPerson", "Go", "NotBefore", "Outbound", "Pace", "Prepared", "Worker"]
