"""Ties every id of ours to its listener: the list of features, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chatops.features.approve import listeners as approve
from chatops.features.ask import listeners as ask
from chatops.features.cancel import listeners as cancel
from chatops.features.correct import listeners as correct
from chatops.features.draft import listeners as draft
from chatops.features.help import listeners as help_page
from chatops.features.hold import listeners as hold
from chatops.features.now import listeners as now
from chatops.features.periods import listeners as periods
from chatops.features.policy import listeners as policy
from chatops.features.queue import listeners as queue
from chatops.features.review import listeners as review
from chatops.features.show import listeners as show
from chatops.features.sign_off import listeners as sign_off
from chatops.features.whitelist import listeners as whitelist
from chatops.registry import Registry

if TYPE_CHECKING:
    from slack_bolt import App

    from chatops.office import Office

FEATURES: Final = (
    draft,
    review,
    approve,
    now,
    queue,
    show,
    cancel,
    correct,
    hold,
    sign_off,
    ask,
    whitelist,
    periods,
    policy,
    help_page,
)


def register_features(app: App | None, office: Office) -> Registry:
    """Tie everything; without an app the acts alone, so that the inbox can be replayed while Slack is away."""
    registry = Registry(app, office)
    for feature in FEATURES:
        feature.register(registry)
    registry.listen_for_commands()
    return registry
