"""A pack: a city's rules for one or more platforms, as data; and the clauses that its rules follow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policy.model import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A sentence of the document, in its own words."""

    id: str
    section: str
    """Its place in the document: `2(4)キ`."""
    kind: str
    """How it is carried: gate, checklist, config, statement, workflow, monitor or record."""
    quote: str
    reading: str = ""
    """How it is read where the words leave it open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """What is shown beside a finding: the document, the place in it, its words."""

    document: Words
    section: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A city's rules, ready to judge by."""

    name: str
    document: Words
    platforms: frozenset[str]
    clauses: Mapping[str, Clause] = field(default_factory=dict)

    def citation(self, clause_id: str) -> Citation:
        """Return what to show for a clause; raises KeyError for a clause that the pack does not have."""
        clause = self.clauses[clause_id]
        return Citation(document=self.document, section=clause.section, quote=clause.quote)
