"""The packs that ship with the product, and the reader of packs: YAML 1.2, each mistake with its line."""

from policy.pack import Citation, Clause, Pack

__all__ = ["Citation", "Clause", "Pack"]
