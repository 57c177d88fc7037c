"""The packs that ship with the product, and the reader of packs: YAML 1.2, each mistake with its line."""

from policy.errors import PackError, PackMistake
from policy.pack import Citation, Clause, Pack
from policy.packs.loader import find_pack, load_pack, parse_pack, shipped_packs

__all__ = [
    "Citation",
    "Clause",
    "Pack",
    "PackError",
    "PackMistake",
    "find_pack",
    "load_pack",
    "parse_pack",
    "shipped_packs",
]
