"""A city as its file describes it: sections, positions, people, accounts, routes, channels, packs.

`loader.load_city` reads a file, `check.check` compares its parts with each other; a file with a mistake is
refused whole, with every mistake and its line. Why a file: docs/decisions/0005.
"""

from publisher.city.loader import CityFileError, load_cities, load_city, place_mistake, survey_cities
from publisher.city.model import City

__all__ = ["City", "CityFileError", "load_cities", "load_city", "place_mistake", "survey_cities"]
