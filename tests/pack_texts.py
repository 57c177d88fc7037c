"""Changed packs for tests: Kashiwa's own with one more rule below the clause on hours."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from town import changed_cities

if TYPE_CHECKING:
    from pathlib import Path

CLAUSE = "kashiwa-2-4-ki-hours"
SECOND_MANAGER = "koho_mori"
_RULE = """      - id: no_leaves
        kind: words
        applies: {{actions: [publish]}}
        own_choice: {{words: [{word}]}}
        effect: {effect}
{role}        message:
          ja: "{word}のことは書けません{{found}}。"
          en: "Nothing about that {{found}}."
        examples:
          ok: ["会場への案内図は市ホームページにあります。 #柏市"]
          ng: ["{word} #柏市"]
"""


def kashiwa() -> str:
    """Return Kashiwa's pack as it ships."""
    return resources.files("policy.packs").joinpath("kashiwa.yaml").read_text("utf-8")


def kashiwa_against(word: str = "紅葉", effect: str = "block") -> str:
    """Return Kashiwa's pack with a rule that objects to a *word*, under the clause on hours."""
    text = kashiwa()
    place = text.index("    rules:\n", text.index(f"  - id: {CLAUSE}\n")) + len("    rules:\n")
    role = "        role: manager\n" if effect == "escalate" else ""
    return text[:place] + _RULE.format(word=word, effect=effect, role=role) + text[place:]


def kashiwa_repeating() -> str:
    """Return Kashiwa's pack with a rule on repeats that forbids what it only warned of."""
    head, mark, rest = kashiwa().partition("      - id: repeats\n")
    assert "effect: warn" in rest, "the pack's rule on repeats has changed"
    return head + mark + rest.replace("effect: warn", "effect: block", 1)


def cities_with_two_managers(folder: Path) -> Path:
    """Write Kashiwa's city file with a second head of the PR division; return its folder."""
    person = (
        f"  {SECOND_MANAGER}:\n    name: 森 明\n    slack: U01KOHOMOR\n"
        "    positions: [{position: koho_chief, from: 2025-04-01}]\n"
    )
    return changed_cities(folder, "accounts:\n", f"{person}\naccounts:\n")
