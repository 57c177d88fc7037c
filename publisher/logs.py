"""How publisher logs: through the standard library's loggers, whatever set those up.

structlog as it comes prints the local variables of every frame beside an exception, and with them an account's
secrets. These loggers hand over the event and its facts, and the exception as it is; the process renders them.
"""

from __future__ import annotations

import logging

import structlog


def build_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger of the module *name*."""
    logger: structlog.stdlib.BoundLogger = structlog.wrap_logger(
        logging.getLogger(name),
        processors=[structlog.stdlib.filter_by_level, structlog.stdlib.render_to_log_kwargs],
        wrapper_class=structlog.stdlib.BoundLogger,
        context_class=dict,
    )
    return logger
