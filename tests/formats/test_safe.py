"""What a terminal would act on is written out, in JSON too."""

from __future__ import annotations

import json

from parity.formats.safe import json_text, safe

HOSTILE = "\x1b[2J \x9b31m \x7f \u202e \u2028 \ufeff"


def test_json_says_the_same_and_sends_nothing_raw() -> None:
    text = json_text({HOSTILE: ["é", HOSTILE]})
    assert json.loads(text) == {HOSTILE: ["é", HOSTILE]}
    assert '"é"' in text
    assert safe(text.replace("\n", "")) == text.replace("\n", "")


def test_bytes_that_are_no_text_are_replaced() -> None:
    assert json.loads(json_text("a\udcffb")) == "a\ufffdb"
