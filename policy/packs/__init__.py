"""The packs that ship with the product, and the reader of packs: YAML 1.2, each mistake with its line."""

from policy.errors import PackError, PackMistake
from policy.pack import Citation, Clause, Pack
from policy.packs.loader import load_pack, parse_pack, shipped_packs

__all__ = [
    "Citation",
    "Clause",
    "Pack",
    "PackError",
    "PackMistake",
    "load_pack",
    "parse_pack",
    "shipped_packs",
]
