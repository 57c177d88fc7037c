"""What is stored of a pass phrase."""

from __future__ import annotations

import base64

import pytest

from publisher.passphrases import COST, Cost, fits, hash_passphrase

CHEAP = Cost(ln=4, r=1, p=1)


def test_it_is_scrypt_with_the_parameters_that_stand_beside_it() -> None:
    """RFC 7914, section 12: "pleaseletmein" with the salt "SodiumChloride", N=16384, r=8, p=1, its first 32 bytes."""
    made = bytes.fromhex("7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2")
    salt, result = (base64.b64encode(raw).decode() for raw in (b"SodiumChloride", made))

    assert fits("pleaseletmein", f"$scrypt$ln=14,r=8,p=1${salt}${result}")
    assert not fits("pleaseletmeim", f"$scrypt$ln=14,r=8,p=1${salt}${result}")


def test_a_phrase_fits_what_was_made_of_it_and_nothing_else() -> None:
    """The same phrase opens; another, and the same in other letters, does not."""
    stored = hash_passphrase("手賀沼の白鳥は今年も来ました", cost=CHEAP)

    assert fits("手賀沼の白鳥は今年も来ました", stored)
    assert not fits("手賀沼の白鳥は今年も来ました ", stored)
    assert not fits("", stored)


def test_full_width_letters_are_the_same_phrase() -> None:
    """NIST SP 800-63B-4, 3.1.1.2 asks for NFKC: whoever leaves the input method on is let in all the same."""
    assert fits("ｓｗａｎｓ　ｏｎ　ｔｅｇａｎｕｍａ", hash_passphrase("swans on teganuma", cost=CHEAP))


def test_the_same_phrase_is_stored_differently_each_time() -> None:
    """A fresh salt: whoever reads the table does not see that two people chose the same."""
    assert hash_passphrase("swans on teganuma", cost=CHEAP) != hash_passphrase("swans on teganuma", cost=CHEAP)


def test_a_try_costs_what_owasp_asks() -> None:
    """OWASP's Password Storage Cheat Sheet: N=2^15, r=8, p=3 is one of its equally strong settings."""
    assert Cost(ln=15, r=8, p=3) == COST
    assert hash_passphrase("swans on teganuma").startswith("$scrypt$ln=15,r=8,p=3$")


def test_what_is_of_no_known_form_opens_for_nobody() -> None:
    """An emptied or foreign value is a fault, never a phrase that fits."""
    with pytest.raises(ValueError, match="unknown form"):
        fits("", "")
