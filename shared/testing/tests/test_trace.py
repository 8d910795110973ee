from __future__ import annotations

from pathlib import Path

import pytest

from shared.testing.requirements import NOT_RUN, Trace, Traced
from shared.testing.trace import lines

pytest_plugins = ["pytester"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout with two test files."""
    for name in ("test_one.py", "test_two.py"):
        (tmp_path / name).touch()
    return tmp_path


class TestTheRecordOfRuns:
    def test_keeps_what_a_partial_run_did_not_run(self, root: Path) -> None:
        """Running one file tells nothing about another."""
        trace = Trace({"test_one.py::test_a": Traced(["REP-01"], "passed")})
        trace.merge({"test_two.py::test_b": Traced([], "failed")}, root=root, whole_files=["test_two.py"])
        assert trace.tests["test_one.py::test_a"].outcome == "passed"
        assert trace.tests["test_two.py::test_b"].outcome == "failed"

    def test_keeps_the_outcome_of_a_test_that_was_only_collected(self, root: Path) -> None:
        """Collecting takes the numbers of now, and the outcome of the last run."""
        trace = Trace({"test_one.py::test_a": Traced(["REP-01"], "passed")})
        trace.merge({"test_one.py::test_a": Traced(["REP-02"], NOT_RUN)}, root=root, whole_files=["test_one.py"])
        assert trace.tests["test_one.py::test_a"] == Traced(["REP-02"], "passed")

    def test_drops_tests_that_are_gone(self, root: Path) -> None:
        """A test renamed or removed with its file is not shown as passed for ever."""
        trace = Trace({"test_one.py::test_old": Traced([], "passed"), "test_gone.py::test_c": Traced([], "passed")})
        trace.merge({"test_one.py::test_a": Traced([], "passed")}, root=root, whole_files=["test_one.py"])
        assert set(trace.tests) == {"test_one.py::test_a"}

    def test_keeps_the_neighbours_of_a_single_test(self, root: Path) -> None:
        """Running one test by its name does not drop the others of its file."""
        trace = Trace({"test_one.py::test_a": Traced([], "passed")})
        trace.merge({"test_one.py::test_b": Traced([], "passed")}, root=root, whole_files=[])
        assert set(trace.tests) == {"test_one.py::test_a", "test_one.py::test_b"}

    def test_survives_writing_and_reading(self, root: Path) -> None:
        """What was written is read."""
        trace = Trace({"test_one.py::test_a": Traced(["REP-01", "SSS-02"], "xfailed")})
        trace.write(root)
        assert Trace.read(root) == trace


class TestTheLinesOfTheTrace:
    def test_name_every_test_of_a_requirement_with_its_outcome(self) -> None:
        """One line for each test, and one for a number that no test carries."""
        trace = Trace({"b::t": Traced(["REP-01"], "failed"), "a::t": Traced(["REP-01"], "passed")})
        printed = list(lines(["REP-01", "REP-02"], trace))
        assert printed == ["REP-01 passed a::t", "REP-01 failed b::t", "REP-02 no test"]

    def test_show_a_number_that_is_no_requirement(self) -> None:
        """A mistyped number does not vanish."""
        assert list(lines([], Trace({"a::t": Traced(["REP-99"], "passed")}))) == [
            "REP-99 unknown requirement, passed a::t"
        ]


class TestARun:
    def test_is_recorded_with_the_worst_that_befell_each_test(self, pytester: pytest.Pytester) -> None:
        """Passed, failed in the tear-down, skipped, expected to fail, deselected: each has its word."""
        pytester.makeini("[pytest]\nmarkers =\n  requirement(number): number\n")
        pytester.makeconftest('pytest_plugins = ["shared.testing.plugin"]')
        pytester.makepyfile(
            test_kinds="""
            import pytest

            @pytest.fixture
            def breaks():
                yield
                raise ValueError

            @pytest.mark.requirement("REP-01")
            @pytest.mark.requirement("REP-02")
            def test_passes(): pass
            def test_breaks_afterwards(breaks): pass
            def test_fails(): assert False
            def test_skips(): pytest.skip("no reason")
            @pytest.mark.xfail
            def test_is_expected_to_fail(): assert False
            def test_is_left_out(): pass
            """
        )
        pytester.runpytest_subprocess("-k", "not left_out")
        kept = Trace.read(pytester.path).tests
        assert {node.partition("::")[2]: traced.outcome for node, traced in kept.items()} == {
            "test_passes": "passed",
            "test_breaks_afterwards": "failed",
            "test_fails": "failed",
            "test_skips": "skipped",
            "test_is_expected_to_fail": "xfailed",
            "test_is_left_out": "not run",
        }
        assert kept["test_kinds.py::test_passes"].requirements == ["REP-01", "REP-02"]

    def test_by_several_workers_is_recorded_by_the_one_who_asked(self, pytester: pytest.Pytester) -> None:
        """The numbers come from the workers, which collect; the outcomes from their reports. Workers that wrote, too,
        would each write over what the other has just written.
        """
        pytester.makeini("[pytest]\nmarkers =\n  requirement(number): number\n")
        pytester.makeconftest(
            """
            from shared.testing.requirements import Trace

            pytest_plugins = ["shared.testing.plugin"]
            written = Trace.write

            def write(trace, root):
                with open(root / "written", "a") as log:
                    log.write(".")
                written(trace, root)

            Trace.write = write
            """
        )
        for name, expected in (("one", "True"), ("two", "False")):
            pytester.makepyfile(
                **{
                    f"test_{name}": f"""
                    import pytest

                    @pytest.mark.requirement("REP-01")
                    def test_it(): assert {expected}
                    def test_is_left_out(): pass
                    """
                }
            )
        pytester.runpytest_subprocess("-n", "2", "-k", "not left_out")
        assert Trace.read(pytester.path).tests == {
            "test_one.py::test_it": Traced(["REP-01"], "passed"),
            "test_one.py::test_is_left_out": Traced([], "not run"),
            "test_two.py::test_it": Traced(["REP-01"], "failed"),
            "test_two.py::test_is_left_out": Traced([], "not run"),
        }
        assert (pytester.path / "written").read_text() == "."
