"""What goes wrong in one run: chosen by the seed, begun and ended by it; afterwards there is calm."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from cli.simulating.broker import Chances
from cli.simulating.installation import TENANTS, Installation, Replica, WallClock
from cli.simulating.leases import Leases
from cli.simulating.schedule import Process, Schedule
from cli.simulating.store import Troubles
from cli.simulating.toys import ECHOING, RINGING, SERVICES, SOMEBODY
from shared.ids import new_id
from shared.ledger.restoring import Opening, found_log, open_incarnation
from shared.sealing.keys import KeyCache

CHAOS_SECONDS = 8.0
MOST_CRASHES = 6
PAUSED = 0.02
PLACES = ("before commit", "after commit", "after publish", "after confirm", "before acknowledgement")


class Faults(Troubles):
    """The faults of one run; `names` says which, for whoever reads of a failure."""

    def __init__(self, schedule: Schedule, always: Collection[str] = ()) -> None:
        self.schedule = schedule
        self._always = always
        self.random = schedule.random
        self.names: list[str] = []
        self.over = False
        self._crashes_left = 0
        self._crash_at: dict[str, float] = {}
        self._away = 0.0
        self._pauses_left = 0
        self._leases: dict[str, Leases] = {}
        self._being_restored: set[str] = set()
        self.breaks_for_good = False

    # -- at each durable step -----------------------------------------------------------------------------------------

    def befall(self, process: Process, label: str) -> None:
        """Ends the process here, now and then."""
        if self._crashes_left and self.schedule.happens(self._crash_at.get(label, 0.0)):
            self._crashes_left -= 1
            self.schedule.note(f"crash {label}")
            self.schedule.kill(process)

    def is_away(self, process: Process, label: str) -> bool:
        """Whether the answer of the database is lost here."""
        return self._away > 0 and self.schedule.happens(self._away)

    def linger(self, process: Process) -> None:
        """Has the process stand still here, now and then."""
        if self._pauses_left and self.schedule.happens(PAUSED):
            self._pauses_left -= 1
            process.stands_still_until = self.schedule.now + self.random.uniform(0.5, 4.0)
            self.schedule.note(f"{process.name} stands still")
            if self.schedule.happens(0.7):
                self._leases[process.service].lose()

    # -- over the whole run -------------------------------------------------------------------------------------------

    def begin(self, installation: Installation) -> None:
        """Chooses, and lets it begin."""
        kinds: Sequence[tuple[float, Callable[[Installation], None]]] = (
            (0.6, self.crashes_at_durable_steps),
            (0.3, self.answers_of_the_database_are_lost),
            (0.6, self.broker_mistreats_messages),
            (0.1, self.messages_come_many_times),
            (0.3, self.broker_is_down),
            (0.25, self.broker_is_wiped),
            (0.4, self.leaders_locks_are_lost),
            (0.4, self.processes_stand_still),
            (0.5, self.clocks_step),
            (0.3, self.handler_fails),
            (0.2, self.messages_are_forged),
            (0.2, self.source_is_silent),
            (0.15, self.listener_is_restored),
            (0.1, self.source_is_restored),
            (0.1, self.source_begins_anew),
        )
        for chance, kind in sorted(kinds, key=lambda one: one[1].__name__ not in self._always):
            if self.schedule.happens(chance) or kind.__name__ in self._always:
                self.names.append(kind.__name__)
                kind(installation)

    def end(self, installation: Installation) -> None:
        """Calm from now on; what is broken for good stays so."""
        self.over = True
        self._crashes_left = 0
        self._away = 0.0
        self._pauses_left = 0
        installation.broker.chances = Chances()
        installation.broker.start()
        installation.silent.clear()
        if not self.breaks_for_good:
            installation.break_in(frozenset())

    def crashes_at_durable_steps(self, _: Installation) -> None:
        """At all of them a little, at one kind of them often."""
        self._crashes_left = self.random.randint(1, MOST_CRASHES)
        self._crash_at = dict.fromkeys(PLACES, 0.01)
        self._crash_at[self.random.choice(PLACES)] = 0.1

    def answers_of_the_database_are_lost(self, _: Installation) -> None:
        """Before a transaction, before its commit, or after it."""
        self._away = self.random.choice((0.01, 0.05))

    def broker_mistreats_messages(self, installation: Installation) -> None:
        """Each in its own way."""
        some = [0.0, 0.1, 0.4]
        lost, doubled, reordered, delayed = (self.random.choice(some) for _ in range(4))
        refused, before, after = (self.random.choice([0.0, 0.05]) for _ in range(3))
        installation.broker.chances = Chances(lost, doubled, reordered, delayed, refused, before, after)

    def messages_come_many_times(self, installation: Installation) -> None:
        """Nearly every message comes twice, to either replica at nearly the same time."""
        installation.broker.chances = Chances(doubled=0.9, delayed=0.1)

    def broker_is_down(self, installation: Installation) -> None:
        """For a while."""

        def down() -> None:
            installation.broker.stop()
            self.schedule.sleep(self.random.uniform(0.5, 4.0))
            installation.broker.start()

        self._at(self._some_time(), down)

    def broker_is_wiped(self, installation: Installation) -> None:
        """Once or twice."""
        for _ in range(self.random.randint(1, 2)):
            self._at(self._some_time(), installation.broker.wipe)

    def leaders_locks_are_lost(self, installation: Installation) -> None:
        """The database has given them to others while their leaders still lead."""
        for _ in range(self.random.randint(1, 4)):
            leases = installation.leases[self.random.choice((ECHOING, RINGING))]
            self._at(self._some_time(), leases.lose)

    def processes_stand_still(self, installation: Installation) -> None:
        """As under a paused machine: they go on where they were, seconds later; often their locks are gone by then."""
        self._pauses_left = self.random.randint(1, 4)
        self._leases = installation.leases

    def clocks_step(self, installation: Installation) -> None:
        """A machine's wall clock is put back or forward a little, often, as by a poor time service."""
        for replica in installation.replicas:

            def steps(replica: Replica = replica) -> None:
                while not self.over:
                    process, by = replica.process, self.random.uniform(0.0, 0.8)
                    process.drift -= by
                    self.schedule.sleep(self.random.uniform(0.0, 0.05))
                    process.drift += by
                    self.schedule.sleep(self.random.uniform(0.0, 0.05))

            self._at(0.0, steps)

    def handler_fails(self, installation: Installation) -> None:
        """In one tenant, for the time of the faults or for good."""
        self.breaks_for_good = self.schedule.happens(0.5)
        self._at(self._some_time() / 2, lambda: installation.break_in(frozenset(TENANTS[-1:])))

    def messages_are_forged(self, installation: Installation) -> None:
        """Somebody puts unreadable messages into the queues, and changed ones before those that they were made of."""
        installation.broker.chances.forged = 0.5

        def forge() -> None:
            for name in installation.broker.queues:
                installation.broker.put(name, self.random.choice([b"\xff{", b"[]", b"{}"]), at=0)

        for _ in range(3):
            self._at(self._some_time(), forge)

    def source_is_silent(self, installation: Installation) -> None:
        """Nobody answers for a source for a while."""
        name = self.random.choice((ECHOING, RINGING))

        def silent() -> None:
            installation.silent.add(name)
            self.schedule.sleep(self.random.uniform(2.0, 6.0))
            installation.silent.discard(name)

        self._at(self._some_time(), silent)

    def listener_is_restored(self, installation: Installation) -> None:
        """From an older copy: it hears again what it has forgotten, by itself."""
        self._restore_some_time(installation, ECHOING, anew=False)

    def source_is_restored(self, installation: Installation) -> None:
        """From an older copy, by hand: it tells another history in the same incarnation."""
        self._restore_some_time(installation, RINGING, anew=False)

    def source_begins_anew(self, installation: Installation) -> None:
        """From an older copy, as a new incarnation."""
        self._restore_some_time(installation, RINGING, anew=True)

    def _restore_some_time(self, installation: Installation, name: str, *, anew: bool) -> None:
        self._at(self._some_time() * 0.8, lambda: self._restore(installation, name, anew=anew))

    def _restore(self, installation: Installation, name: str, *, anew: bool) -> None:
        """A service's database is put back to a copy of some seconds ago, `anew` as `qorgan restore` does it.

        A source that was put back by hand tells another history under known numbers, in the same incarnation.
        """
        store = installation.ground.stores[name]
        if name in self._being_restored:
            return
        self._being_restored.add(name)
        copy = store.copy()
        self.schedule.sleep(self.random.uniform(0.5, 5.0))
        installation.held_back.add(name)
        for replica in installation.of(name):
            self.schedule.kill(replica.process)
        self.schedule.sleep(0.01)
        store.put_back(copy)
        installation.key_caches[name] = KeyCache()
        if anew:
            self._open_incarnations(installation, name)
        self.schedule.note(f"{name} is restored" + (" anew" if anew else ""))
        installation.watch.restored(name)
        self.schedule.sleep(self.random.uniform(0.0, 2.0))
        installation.held_back.discard(name)
        self._being_restored.discard(name)
        for replica in installation.of(name):
            installation.start(replica)

    def _open_incarnations(self, installation: Installation, name: str) -> None:
        """As `qorgan restore` ends; nobody leads the listeners into them here, so that their lanes stay stopped."""
        ground = installation.ground
        (parts,) = (one for one in SERVICES if one.name == name)
        database, clock = ground.stores[name].database, WallClock(self.schedule)
        service = ground.service(parts, database, clock, lambda _: None, installation.key_caches[name])
        for tenant in TENANTS:
            found = found_log(database, tenant, name)
            opening = Opening(
                incarnation=new_id(),
                generation=1,
                previous=found.incarnation or new_id(),
                last_number_kept=found.public_number,
                told_again=(),
                lost=(),
                incident="simulated",
                reason="simulated",
                by=SOMEBODY,
            )
            open_incarnation(service.application, tenant, found, opening)

    def _some_time(self) -> float:
        return self.random.uniform(0.3, CHAOS_SECONDS)

    def _at(self, seconds: float, act: Callable[[], None]) -> None:
        def then() -> None:
            self.schedule.sleep(seconds)
            if not self.over:
                act()

        self.schedule.spawn("fault", then, self.schedule.outside)
