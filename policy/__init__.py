"""Judge what a city does on social media by its own guideline: (pack, action, facts) -> verdict.

Pure: no database, no clock, no network, no file but the packs that `policy.packs` reads.
"""

from policy.facts import Facts
from policy.judge import judge
from policy.model import Action, Decision, Finding, Verdict

__all__ = ["Action", "Decision", "Facts", "Finding", "Verdict", "judge"]
