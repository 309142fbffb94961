from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pandas as pd
import pytest

from kamlib import export
from kamlib.checks import KamlibError
from kamlib.style import Words


def test_a_private_file_is_its_owner_s_alone_from_the_first_byte_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    write = Path.write_bytes

    def watched(path: Path, content: bytes) -> int:
        seen.append(stat.S_IMODE(path.stat().st_mode))
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", watched)
    former = os.umask(0)
    try:
        path = export.private(tmp_path / "new" / "secret", "s\r\nü")
    finally:
        os.umask(former)
    assert path.read_bytes() == "s\r\nü".encode()
    assert [*path.parent.iterdir()] == [path]
    if sys.platform != "win32":
        assert seen == [0o600]
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_only_a_file_of_the_same_kind_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "key.csv"
    path.write_text("head,er\nold", encoding="utf-8")
    with pytest.raises(KamlibError, match=r"key.csv' exists and is not replaced"):
        export.private(path, "head,er\nnew")
    with pytest.raises(KamlibError, match="is not replaced"):
        export.private(path, "head,er\nnew", replacing="other")
    assert path.read_text(encoding="utf-8") == "head,er\nold"
    export.private(path, "head,er\nnew", replacing="head,er")
    assert path.read_text(encoding="utf-8") == "head,er\nnew"


def test_a_place_that_can_t_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(KamlibError, match="can't be written"):
        export.private(tmp_path / "file" / "secret", "s")
    with pytest.raises(KamlibError, match="can't be written"):
        export.private(tmp_path, "s", replacing="s")


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_key_table_s_place_can_be_checked_beforehand(tmp_path: Path, language: str) -> None:
    words, path = Words(language), tmp_path / "new" / "key.csv"
    export.check_key_table(path, words=words)
    assert not path.parent.exists()
    key = {"pseudonym": ["Customer A1"], "kind": ["customer"], "number": ["1"], "name": ["Acme"]}
    export.key_table(pd.DataFrame(key), path, words=words)
    export.check_key_table(path, words=words)  # a former one is replaced
    (tmp_path / "mine.csv").write_text("pseudonym,kind", encoding="utf-8")
    with pytest.raises(KamlibError, match=r"mine.csv' exists and is not replaced"):
        export.check_key_table(tmp_path / "mine.csv", words=words)
    with pytest.raises(KamlibError, match="no folder that you may write to"):
        export.check_key_table(tmp_path / "mine.csv" / "key.csv", words=words)
    with pytest.raises(KamlibError, match="it is a folder"):
        export.check_key_table(tmp_path, words=words)
