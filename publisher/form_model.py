"""What the draft form offers to a person. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy.model import Category
from publisher import routes
from publisher.api import AccountChoice, FormModel
from publisher.words import category_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publisher.api import DraftForm
    from publisher.city.model import City


def build_form(city: City, form: DraftForm, choices: Sequence[AccountChoice]) -> FormModel:
    """Return the form of a new draft with its first values."""
    categories = (category_view(category) for category in Category)
    return FormModel(
        number=None,
        version=None,
        section=form.section,
        section_name=city.sections[form.section].name.ja,
        accounts=tuple(choices),
        categories=tuple(category for category in categories if category is not None),
        form=form,
        returned_note=None,
    )


def offer_accounts(city: City, sections: Sequence[str], chosen: str) -> tuple[AccountChoice, ...]:
    """Return the accounts that people of *sections* may draft for; those of the *chosen* section are preselected."""
    return tuple(
        AccountChoice(
            key=key,
            name=account.name if not account.handle else f"{account.name} @{account.handle.removeprefix('@')}",
            platform=account.platform,
            kind=account.kind,
            is_preselected=account.section == chosen,
        )
        for key, account in city.accounts.items()
        if routes.may_draft_for(city, key, sections)
    )
