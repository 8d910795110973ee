"""One run of the simulation: faults, then calm, then what must be so."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from cli.simulating.faults import CHAOS_SECONDS, Faults
from cli.simulating.installation import Ground, Installation
from cli.simulating.oracle import Oracle
from cli.simulating.people import People
from cli.simulating.schedule import Schedule, ViolationError
from cli.simulating.stand_ins import installed
from cli.simulating.watching import Watch
from shared.logging import facts_of

CALM_SECONDS = 120.0
A_DAY = 86_400.0
COLLECT_EVERY = 10


@dataclass(frozen=True)
class Played:
    """What became of a seed: sound, if nothing was found; `digest` is the same each time it is played."""

    seed: int
    faults: Sequence[str]
    steps: int
    seconds: float
    digest: int
    findings: Sequence[str] = ()
    last_steps: Sequence[str] = field(default=(), repr=False)

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def play(seed: int, ground: Ground, always: Collection[str] = ()) -> Played:
    """Plays one seed from its beginning to its end, with those faults that it chooses and those that `always` names."""
    schedule = Schedule(seed)
    faults = Faults(schedule, always)
    findings: list[str] = []
    with installed(schedule):
        try:
            findings = list(_findings(schedule, faults, ground))
        except ViolationError as violation:
            findings = [str(violation)]
        except Exception as error:  # noqa: BLE001 - whatever ends a part so that nobody catches it is a finding
            findings = [f"a part ended unforeseen: {facts_of(error)}"]
        finally:
            schedule.end()
    return Played(
        seed=seed,
        faults=tuple(faults.names),
        steps=schedule.steps,
        seconds=schedule.now,
        digest=schedule.digest,
        findings=tuple(findings),
        last_steps=[f"{at:9.4f} {task:24} {label}" for at, task, label in schedule.last_steps] if findings else [],
    )


def play_all(seeds: Iterable[int], ground: Ground) -> Iterator[Played]:
    """Plays one seed after the other. What a run leaves behind is thrown away now and then, not whenever it grows."""
    was_on = gc.isenabled()
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        for count, seed in enumerate(seeds):
            yield play(seed, ground)
            if count % COLLECT_EVERY == 0:
                gc.collect()
    finally:
        gc.unfreeze()
        if was_on:
            gc.enable()


def _findings(schedule: Schedule, faults: Faults, ground: Ground) -> Sequence[str]:
    watch = Watch(ground, schedule)
    installation = Installation(ground, schedule, faults, watch)
    watch.installation = installation
    people = People(installation)
    watch.when_restored.append(lambda _: people.forget())
    oracle = Oracle(installation, people, schedule)
    faults.begin(installation)
    people.begin()
    schedule.run(lambda: schedule.now >= CHAOS_SECONDS, most_seconds=CHAOS_SECONDS + 1)
    faults.end(installation)
    _become_quiet(schedule, oracle, installation)
    stopped = {lane.name: lane.number for lane in oracle.lanes() if lane.is_stopped}
    people.ring_once_more()
    installation.shift_clocks(A_DAY)
    schedule.run(lambda: False, most_seconds=2.0)
    _become_quiet(schedule, oracle, installation)
    installation.break_in(frozenset())
    _become_quiet(schedule, oracle, installation)
    moved = [
        f"{lane.name} went on though it was stopped"
        for lane in oracle.lanes()
        if lane.name in stopped and (lane.number != stopped[lane.name] or not lane.is_stopped)
    ]
    return [*moved, *oracle.findings()]


def _become_quiet(schedule: Schedule, oracle: Oracle, installation: Installation) -> None:
    """Lets it run until nothing is outstanding. Raises ViolationError where that does not come to pass."""
    broken = installation.breaks_in
    if not schedule.run(lambda: not oracle.outstanding(broken), most_seconds=CALM_SECONDS):
        raise ViolationError(f"never quiet: {oracle.outstanding(broken)}")
