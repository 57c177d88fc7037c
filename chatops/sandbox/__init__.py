"""A stand-in Slack: one model of a workspace behind two doors, Slack's API and a page for people.

The real slack-bolt and slack-sdk talk to it over real sockets; only the base address differs from production.
`SlackWorld` is the workspace, `build_blueprint` its Web API, `start_socket_mode` its Socket Mode and
`build_page` the page on which a person types a command, fills the form and clicks.
"""

from chatops.sandbox.delivery import Delivery
from chatops.sandbox.errors import SlackError
from chatops.sandbox.model import SlackWorld
from chatops.sandbox.page import ClockControl, build_page
from chatops.sandbox.socket_mode import SocketModeServer, start_socket_mode
from chatops.sandbox.web_api import build_blueprint

__all__ = [
    "ClockControl",
    "Delivery",
    "SlackError",
    "SlackWorld",
    "SocketModeServer",
    "build_blueprint",
    "build_page",
    "start_socket_mode",
]
