"""A home belongs to one process at a time, and what lies in it to its owner, also after a process was killed."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from cli.house import HomeInUseError, House, address_of, locked
from cli.settings import Settings
from shared.ids import new_id

QORGAN = Path(sys.executable).with_name("qorgan")
REPORT = Path("docs/examples/report.json")


def qorgan(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("QORGAN_")}
    return subprocess.run(
        [QORGAN, *arguments],
        env={**environment, "QORGAN_PASSWORD": "not a secret"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        umask=0o022,
    )


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a department, in a folder that was there before and that everybody may enter."""
    home = tmp_path_factory.mktemp("home")
    home.chmod(0o755)
    done = qorgan("found", "Білім басқармасы", "--login", "administrator", "--home", str(home))
    assert done.returncode == 0, done.stderr
    return home


class TestAHome:
    def test_is_closed_to_others_wherever_it_lies(self, founded: Path) -> None:
        """Databases and keys alike: neither the folder's mode nor the caller's umask opens them."""
        inside = [path for path in founded.rglob("*") if path.parent != founded or path.is_dir()]
        open_to_others = {str(path) for path in inside if stat.S_IMODE(path.stat().st_mode) & 0o077}
        assert inside
        assert open_to_others == set()

    def test_is_one_processs(self, tmp_path: Path) -> None:
        with locked(tmp_path):
            (tmp_path / "address").write_text("http://127.0.0.1:1")
            with pytest.raises(HomeInUseError) as refused, House.open(tmp_path):
                pass
            assert refused.value.address == "http://127.0.0.1:1"

    def test_serves_nowhere_once_its_process_was_killed(self, tmp_path: Path) -> None:
        (tmp_path / "address").write_text("http://127.0.0.1:1")
        with locked(tmp_path), pytest.raises(HomeInUseError) as refused, House.open(tmp_path):
            pass
        assert refused.value.address is None
        assert address_of(tmp_path) is None

    def test_takes_a_report_though_the_address_of_a_killed_process_is_left_in_it(self, founded: Path) -> None:
        """It is opened for the report instead of asking where nobody answers: the school alone is unknown."""
        (founded / "address").write_text("http://127.0.0.1:1")
        done = qorgan("report", str(REPORT), "--school", str(new_id()), "--home", str(founded))
        assert "Traceback" not in done.stderr, done.stderr
        assert '"code"' in done.stderr or done.returncode == 0


class TestAnInstallationsKeys:
    def test_are_made_though_a_process_of_the_same_number_died_over_them(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """In containers all are number 1: a draft that one left behind must not keep the next from starting."""
        monkeypatch.setattr("os.getpid", lambda: 1)
        drafts = tmp_path / "keys" / "signing"
        drafts.mkdir(parents=True)
        for name in ("accounts", "cases", "monitoring", "referrals", "reports"):
            (drafts / f"{name}.1.new").write_text("torn")
        house = House.build(Settings.of_home(tmp_path))
        house.close()
        assert set(house.services) == {"accounts", "cases", "monitoring", "referrals", "reports"}
